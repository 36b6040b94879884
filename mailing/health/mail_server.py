"""Checks of the mail server that the daily report goes out by. No mail is sent."""

import asyncio
import socket
import ssl

import aiosmtplib

from mailing.health.finding import Finding, fine, problem
from mailing.health.quoting import root_of, said
from mailing.report_checks import Encryption, MailServer
from mailing.reports.post import smtp_client
from mailing.settings import Settings

_SUBJECT = "mail server"
_VARIABLE = "MAILING_SMTP_URL"


async def look_at_mail_server(settings: Settings) -> list[Finding]:
    """Greet it, sign in, and leave. None is fine: nobody gets a report then."""
    if settings.smtp_url is None:
        return [fine(_SUBJECT, "None is set, so no daily report goes out.")]
    server = MailServer.at(settings.smtp_url.get_secret_value())
    place = f"{server.host}:{server.port}"
    # Nobody has to know this machine's own name, and to look it up may take long.
    client = smtp_client(server, settings.smtp_timeout_seconds, own_name="localhost")
    try:
        await client.connect()
        await client.quit()
    except asyncio.CancelledError:
        raise
    except (OSError, aiosmtplib.SMTPException) as e:
        return [problem(_SUBJECT, f"{place} cannot be used: {said(e)}.", _advice(e))]
    finally:
        client.close()
    return [fine(_SUBJECT, f"{place} answers{_how(server)}.")]


def _how(server: MailServer) -> str:
    ways = [
        *([] if server.encryption is Encryption.NONE else [f"by {server.encryption.name}"]),
        *([] if server.user is None else ["takes user and password"]),
    ]
    return "".join(f", {way}" for way in ways)


def _advice(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return f"Correct user and password ({_VARIABLE})."
    if type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported):  # STARTTLS, or AUTH.
        return f"It does not offer what is asked of it: correct how it is protected, or its port ({_VARIABLE})."
    match root_of(error):
        case ssl.SSLError():
            return f"Correct its certificate, or how it is protected, or its port ({_VARIABLE})."
        case socket.gaierror():
            return f"Correct its host ({_VARIABLE}), or the name service of this machine."
    return f"Start it, or correct its host and port ({_VARIABLE}). The report is sent later, when it is back."
