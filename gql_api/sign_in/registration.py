"""The service as the OpenID provider knows it."""

import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus

from authlib.integrations.starlette_client import StarletteIntegration, StarletteOAuth2App
from pydantic import SecretStr

from gql_api.sign_in.provider import Endpoints

ANSWER_SECONDS: Final = 10.0
"""For all that is asked of the provider when somebody comes back from it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """By which name and secret, with which places to come back to."""

    client_id: str
    secret: SecretStr | None
    scopes: str
    redirect_uri: str
    """Where the provider sends browsers back."""
    after_sign_out: str
    """Where it sends those that have signed out there, too."""
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    """One for all requests: to read the machine's certificates takes longer than a request."""

    def app(self, endpoints: Endpoints) -> Any:
        """Authlib's client, which asks there."""
        method = "client_secret_post" if endpoints.takes_secret_in_body_only else "client_secret_basic"
        return StarletteOAuth2App(
            StarletteIntegration("provider"),
            client_id=self.client_id,
            client_secret=self.secret.get_secret_value() if self.secret else None,
            authorize_url=endpoints.authorization,
            access_token_url=endpoints.token,
            userinfo_endpoint=endpoints.userinfo,
            client_auth_methods=[("client_secret_basic", _by_basic_auth)],
            client_kwargs={
                "scope": self.scopes,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": method if self.secret else "none",
                "verify": self.tls,
                "timeout": ANSWER_SECONDS,
                "trust_env": False,
                "leeway": 0,  # A token that holds for less than a minute does for what is asked at once.
            },
        )


def _by_basic_auth(client: Any, _method: str, url: str, headers: Any, body: str) -> tuple[str, Any, str]:
    """Authlib by itself leaves out that both are encoded first (RFC 6749, 2.3.1), and strict providers decode them."""
    known = ":".join(quote_plus(part) for part in (client.client_id, client.client_secret))
    headers["Authorization"] = "Basic " + b64encode(known.encode()).decode()
    return url, headers, body
