"""Signing in with a browser, as the settings want it."""

from redis.asyncio import Redis
from starlette.routing import Route

from gql_api.auth.credentials import Authenticator
from gql_api.auth.issuer_keys import IssuerKeys
from gql_api.auth.origins import Origins
from gql_api.auth.role_claim import RoleClaim
from gql_api.sign_in.attempts import Attempts
from gql_api.sign_in.client import OpenIdClient
from gql_api.sign_in.cookies import Cookies
from gql_api.sign_in.id_token import IdTokens
from gql_api.sign_in.next_page import HOME
from gql_api.sign_in.pending import PendingSignIns
from gql_api.sign_in.provider import Provider
from gql_api.sign_in.registration import Registration
from gql_api.sign_in.routes import CALLBACK, SIGN_IN, SignInRoutes
from gql_api.sign_in.session_cookies import SessionCookies
from mailing.settings import Settings
from mailing.sign_in_checks import listed, roles_by_value


class BrowserSignIn:
    """The pages, and who is known by what they leave in the browser."""

    def __init__(self, settings: Settings, redis: Redis, keys: IssuerKeys, origins: Origins) -> None:
        """`origins`: the service's own among them, by the name that browsers know it by."""
        assert settings.auth_issuer is not None
        assert settings.public_url is not None, "the settings check both"
        cookies = Cookies(settings.public_url)
        self.sign_in_url = settings.public_url + SIGN_IN
        self.authenticator: Authenticator = SessionCookies(cookies, settings.auth_issuer)
        self.routes: list[Route] = SignInRoutes(
            settings.public_url,
            origins,
            _client(settings, keys),
            PendingSignIns(redis),
            Attempts(redis, starts_per_minute=settings.sign_in_starts_per_minute),
            cookies,
            settings.session,
        ).routes()


def _client(settings: Settings, keys: IssuerKeys) -> OpenIdClient:
    assert settings.auth_issuer is not None
    assert settings.auth_client_id is not None
    assert settings.public_url is not None, "the settings check all three"
    return OpenIdClient(
        Provider(settings.auth_issuer),
        Registration(
            settings.auth_client_id,
            settings.auth_client_secret,
            settings.auth_scopes,
            redirect_uri=settings.public_url + CALLBACK,
            after_sign_out=settings.public_url + HOME,
        ),
        IdTokens(
            keys,
            issuer=settings.auth_issuer,
            client_id=settings.auth_client_id,
            algorithms=listed(settings.auth_algorithms),
            leeway_seconds=settings.auth_leeway_seconds,
        ),
        RoleClaim(settings.auth_role_claim, roles_by_value(settings.auth_roles)),
    )
