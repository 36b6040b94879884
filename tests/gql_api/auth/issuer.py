"""An issuer of tokens: a real server with a discovery document and keys, which it can change and withhold."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.gql_api.serving import serving

AUDIENCE = "https://mailing.example.com"

RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "other"})


class Issuer:
    """Issues tokens for a minute, by which Ada is an admin, unless told otherwise."""

    def __init__(self) -> None:
        self.url = ""
        self.keys: list[Any] = [public(RSA), public(EC)]
        self.answer: Response | None = None
        """Instead of the keys."""
        self.configuration: dict[str, Any] = {}
        """Instead of what stands in the discovery document."""
        self.asked = 0
        """How often for the keys."""

    def token(self, key: Key = RSA, *, alg: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Signed with the key; a claim or a member of the header that is None is left out."""
        now = int(time.time())
        all_claims = {
            **{"iss": self.url, "aud": AUDIENCE, "sub": "ada", "name": "Ada", "roles": ["admin"]},
            **{"iat": now, "nbf": now, "exp": now + 60},
            **claims,
        }
        whole_header = {"alg": alg, "kid": key.kid, **(header or {})}
        return jwt.encode(_given(whole_header), _given(all_claims), key, algorithms=[alg])

    def bearer(self, **claims: Any) -> dict[str, str]:
        """The header with a token."""
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    async def serve_keys(self, _: Request) -> Response:
        self.asked += 1
        return self.answer or JSONResponse({"keys": self.keys})

    async def serve_configuration(self, _: Request) -> Response:
        return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.configuration})


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """An issuer that answers, until the end of the block."""
    issuer = Issuer()
    routes = [
        Route("/keys", issuer.serve_keys),
        Route("/.well-known/openid-configuration", issuer.serve_configuration),
        Route("/elsewhere", issuer.serve_keys),
    ]
    async with serving(Starlette(routes=routes)) as address:
        issuer.url = f"http://{address}"
        yield issuer


def public(key: Key) -> dict[str, Any]:
    """As it stands among the issuer's keys."""
    return dict(key.as_dict(private=False))


def away() -> Response:
    return PlainTextResponse("Bad gateway", status_code=502)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
