"""A provider that answers whatever it is told to: what a real one would never say."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from yarl import URL

from tests.gql_api.auth.issuer import Issuer
from tests.gql_api.serving import serving
from tests.gql_api.sign_in.browser import Browser, Page

CLIENT_ID = "mailing"

MakeToken = Callable[["HostileProvider", str], object]


class HostileProvider(Issuer):
    """By default it says, for any code, that Ada is an admin."""

    def __init__(self) -> None:
        super().__init__()
        self.make_token: MakeToken = lambda provider, nonce: provider.id_token(nonce=nonce)
        """The ID token for a sign-in with that nonce."""
        self.token_answer: Response | None = None
        """Instead of tokens."""
        self.userinfo: Response | None = None
        self.nonce = ""
        """Of the sign-in that is under way."""
        self.forms: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        """What it was asked for tokens with."""

    def id_token(self, **claims: Any) -> str:
        """A good one but for the claims that are given; see `token`."""
        return self.token(**{"aud": CLIENT_ID, **claims})

    async def serve_tokens(self, request: Request) -> Response:
        self.forms.append(dict(parse_qsl((await request.body()).decode())))
        self.authorizations.append(request.headers.get("authorization"))
        id_token = self.make_token(self, self.nonce)
        return self.token_answer or JSONResponse(
            {"access_token": "opaque", "token_type": "Bearer", "expires_in": 30, "id_token": id_token}
        )

    async def serve_userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer opaque"
        return self.userinfo or JSONResponse({}, 500)

    def configured(self, **changed: object) -> None:
        """Say this of itself; None leaves out."""
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        endpoints: dict[str, object] = {name: f"{self.url}/{path}" for name, path in names.items()}
        said = endpoints | {"authorization_response_iss_parameter_supported": True} | changed
        self.configuration = {name: value for name, value in said.items() if value is not None}


@asynccontextmanager
async def misleading() -> AsyncIterator[HostileProvider]:
    """One that answers, until the end of the block."""
    provider = HostileProvider()
    routes = [
        Route("/keys", provider.serve_keys),
        Route("/.well-known/openid-configuration", provider.serve_configuration),
        Route("/token", provider.serve_tokens, methods=["POST"]),
        Route("/userinfo", provider.serve_userinfo),
    ]
    async with serving(Starlette(routes=routes)) as address:
        provider.url = f"http://{address}"
        provider.configured()
        yield provider


async def come_back(browser: Browser, provider: HostileProvider, **changed: str | None) -> Page:
    """Begin to sign in, and come back with an answer, in which some parameters are changed; None leaves one out."""
    question = (await browser.question(next="/docs/?a=1")).query
    provider.nonce = question["nonce"]
    answer = {"code": "good", "state": question["state"], "iss": provider.url, **changed}
    given = {name: value for name, value in answer.items() if value is not None}
    return await browser.ask(URL(f"{browser.home}/auth/callback").with_query(given))
