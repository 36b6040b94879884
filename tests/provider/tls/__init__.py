"""A certificate for `localhost` that signs itself, and its key: public, and good for nothing but tests."""

import ssl
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("certificate.pem")


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("key.pem"))
    return context
