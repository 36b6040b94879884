"""The way into the API, as the settings want it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from redis.asyncio import Redis
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp

from gql_api.auth.access_token import AccessTokens
from gql_api.auth.bearer_jwt import BearerJwts
from gql_api.auth.credentials import Authenticator, Everyone, FirstOf
from gql_api.auth.gate import Gate
from gql_api.auth.issuer_keys import IssuerKeys
from gql_api.auth.key_source import KeySource
from gql_api.auth.loopback import OnlyLoopback, is_open_house
from gql_api.auth.origins import PREFLIGHT_HEADER, Origins
from gql_api.auth.remembered import Remembered
from gql_api.auth.role_claim import RoleClaim
from gql_api.auth.security_headers import SecurityHeaders
from gql_api.auth.viewer import EVERYONE
from gql_api.sign_in.browser import BrowserSignIn
from mailing.access_tokens.last_use import LastUse
from mailing.settings import Settings
from mailing.sign_in_checks import listed, roles_by_value

_ASKED_HEADERS = ("Accept", "Authorization", "Content-Type", PREFLIGHT_HEADER)

log = structlog.get_logger(__name__)


class Entrance:
    """Who may come in, and what answers tell browsers."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._origins = Origins(listed(settings.allowed_origins), own=settings.public_url)
        self._keys = _issuer_keys(settings)
        self._last_use = LastUse()
        self._browsers = _browser_sign_in(settings, redis, self._keys, self._origins)
        self._authenticator = _authenticator(settings, self._keys, self._last_use, self._browsers)

    def guarded(self, app: ASGIApp) -> ASGIApp:
        """The application behind the gate."""
        gate = Gate(
            app,
            self._authenticator,
            self._origins,
            # Without sign-in all are the same one.
            most_sockets=self._settings.sockets_per_user if self._settings.is_sign_in_on else None,
            sign_in_url=self._browsers.sign_in_url if self._browsers else None,
        )
        return OnlyLoopback(gate) if is_open_house(self._settings) else gate

    @property
    def routes(self) -> list[Route]:
        """Where people sign in with a browser, if they can."""
        return self._browsers.routes if self._browsers else []

    @property
    def middleware(self) -> list[Middleware]:
        """Around everything that is served. Without an allowed origin no answer speaks of CORS at all."""
        # Browsers ask for leave without credentials, so that is answered before the gate.
        cors = Middleware(
            CORSMiddleware,
            allow_origins=sorted(self._origins.allowed),
            allow_methods=("GET", "POST"),
            allow_headers=_ASKED_HEADERS,
        )
        by_tls = (self._settings.public_url or "").startswith("https:")
        return [Middleware(SecurityHeaders, by_tls=by_tls), *([cors] if self._origins.allowed else [])]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While it lasts, the issuer is asked for its keys when they are needed; for the first time at once, so that a
        wrong setting shows in the log and not with the first who comes."""
        if not self._settings.is_sign_in_on:
            tell = log.warning if self._settings.let_anyone_in_without_sign_in else log.info
            tell("auth.sign_in_is_off", everyone_is=EVERYONE.role.name)
        async with AsyncExitStack() as parts:
            parts.push_async_callback(self._last_use.close)
            if self._keys is not None:
                parts.push_async_callback(self._keys.close)
                self._keys.ask()
            yield


def _issuer_keys(settings: Settings) -> IssuerKeys | None:
    if settings.auth_issuer is None:
        return None
    return IssuerKeys(KeySource(settings.auth_issuer, settings.auth_jwks_url).fetch)


def _browser_sign_in(
    settings: Settings, redis: Redis, keys: IssuerKeys | None, origins: Origins
) -> BrowserSignIn | None:
    if keys is None or settings.auth_client_id is None:
        return None
    return BrowserSignIn(settings, redis, keys, origins)


def _authenticator(
    settings: Settings, keys: IssuerKeys | None, last_use: LastUse, browsers: BrowserSignIn | None
) -> Authenticator:
    if not settings.is_sign_in_on:
        return Everyone()
    known: list[Authenticator] = []
    if keys is not None:
        known.append(Remembered(_bearer_jwts(settings, keys), lambda: keys.state))
    if settings.takes_api_tokens:
        known.append(AccessTokens(last_use))
    if browsers is not None:
        known.append(browsers.authenticator)
    return FirstOf(known)


def _bearer_jwts(settings: Settings, keys: IssuerKeys) -> BearerJwts:
    assert settings.auth_issuer is not None
    assert settings.auth_audience is not None, "the settings check it"
    return BearerJwts(
        keys,
        issuer=settings.auth_issuer,
        audience=settings.auth_audience,
        algorithms=listed(settings.auth_algorithms),
        leeway_seconds=settings.auth_leeway_seconds,
        role_claim=RoleClaim(settings.auth_role_claim, roles_by_value(settings.auth_roles)),
        client_id=settings.auth_client_id,
    )
