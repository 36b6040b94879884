"""What the OpenID provider says of itself."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from gql_api.auth.key_source import KeysUnavailableError, discovered
from gql_api.sign_in.failures import ProviderUnavailableError
from mailing.outage import Outage
from mailing.sign_in_checks import is_safe_url

FRESH_SECONDS: Final = 900.0
"""After that it is asked again; while it does not answer, what it said before goes on to hold."""
REST_SECONDS: Final = 5.0
"""Between two times that it is asked while it does not answer: those who wait for one answer get it together."""


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
        self._may_ask_at = float("-inf")
        self._asking = asyncio.Lock()
        self._outage = Outage("auth.provider_unavailable", clock=clock)

    async def endpoints(self) -> Endpoints:
        """Raises ProviderUnavailableError if it does not answer and has not been heard of yet."""
        async with self._asking:
            if self._clock() >= self._may_ask_at:
                await self._ask()
        if self._endpoints is None:
            raise ProviderUnavailableError("it has not said where it is to be asked")
        return self._endpoints

    async def _ask(self) -> None:
        try:
            self._endpoints = Endpoints.of(await discovered(self.issuer))
        except KeysUnavailableError as e:
            self._outage.met(e)
            rest = REST_SECONDS
        else:
            self._outage.over()
            rest = FRESH_SECONDS
        self._may_ask_at = self._clock() + rest


def _url(configuration: Mapping[str, Any], name: str) -> str | None:
    """None for what is not there, or could lead a browser or a secret elsewhere. It may bring a query of its own."""
    url = configuration.get(name)
    return url if isinstance(url, str) and is_safe_url(url.partition("?")[0]) and "#" not in url else None
