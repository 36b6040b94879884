"""What the OpenID provider says of itself."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import aiohttp

from gql_api.auth.key_source import FETCH_SECONDS, KeysUnavailableError, discovered
from gql_api.sign_in.failures import ProviderUnavailableError
from mailing.outage import Outage
from mailing.sign_in_checks import is_safe_url

FRESH_SECONDS: Final = 900.0
"""After that it is asked again; while it does not answer, what it said before goes on to hold."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where it is asked for what, and how it behaves (OpenID Connect Discovery 1.0, 3; RFC 9207, 3)."""

    authorization: str
    token: str
    userinfo: str | None
    end_session: str | None
    says_who_answers: bool
    """It puts its name into the answers that it sends by the browser (RFC 9207)."""
    takes_secret_in_body_only: bool
    """It knows clients by `client_secret_post`, and not by what is the default, `client_secret_basic`."""

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> Self:
        """Raises KeysUnavailableError where one is missing that is needed."""
        authorization, token = (_url(configuration, f"{name}_endpoint") for name in ("authorization", "token"))
        if authorization is None or token is None:
            raise KeysUnavailableError("its configuration names no safe authorization_endpoint and token_endpoint")
        methods = configuration.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return cls(
            authorization,
            token,
            _url(configuration, "userinfo_endpoint"),
            _url(configuration, "end_session_endpoint"),
            configuration.get("authorization_response_iss_parameter_supported") is True,
            "client_secret_post" in methods and "client_secret_basic" not in methods,
        )


class Provider:
    """Asked when somebody signs in, and then not again for a while. `clock` gives monotonic seconds."""

    def __init__(self, issuer: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._clock = clock
        self._endpoints: Endpoints | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self._outage = Outage("auth.provider_unavailable", clock=clock)

    async def endpoints(self) -> Endpoints:
        """Raises ProviderUnavailableError if it has not been heard of yet."""
        async with self._asking:
            if self._endpoints is None or self._clock() - self._asked_at > FRESH_SECONDS:
                await self._ask()
            assert self._endpoints is not None
            return self._endpoints

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS), aiohttp.ClientSession() as http:
                self._endpoints = Endpoints.of(await discovered(http, self.issuer))
        except (KeysUnavailableError, aiohttp.ClientError, OSError) as e:
            self._outage.met(e)
            if self._endpoints is None:
                raise ProviderUnavailableError(f"{type(e).__name__}: {e}") from e
        else:
            self._outage.over()
        self._asked_at = self._clock()


def _url(configuration: Mapping[str, Any], name: str) -> str | None:
    """None for what is not there, or could lead a browser or a secret elsewhere. It may bring a query of its own."""
    url = configuration.get(name)
    return url if isinstance(url, str) and is_safe_url(url.partition("?")[0]) and "#" not in url else None
