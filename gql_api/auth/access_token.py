"""Lets in who shows a token that was made here."""

from functools import partial
from typing import Final

from gql_api.auth.credentials import Credentials, Pass
from gql_api.auth.looking import looking
from gql_api.auth.refusals import UnauthenticatedError
from gql_api.auth.viewer import Viewer
from mailing.access_tokens import secret
from mailing.access_tokens.last_use import LastUse
from mailing.access_tokens.queries import FoundToken, find_token, is_good

_UNAVAILABLE: Final = "The token cannot be checked at present: the database does not answer"


class EndedTokenError(Exception):
    """Raised when a token is shown that lets nobody in any more; by it the log tells which."""

    def __init__(self, token_id: int) -> None:
        super().__init__(f"token_{token_id}")


class AccessTokens:
    """Asks the database anew for each request, so that a token that is revoked lets nobody in from that moment on.

    That a token is revoked or has expired is said to who shows that very token, and to nobody else.
    """

    def __init__(self, last_use: LastUse) -> None:
        self._last_use = last_use

    async def recognise(self, shown: Credentials) -> Pass | None:
        """None for what does not begin as the tokens do."""
        token = shown.bearer_token
        if token is None or not token.startswith(secret.PREFIX):
            return None
        found = await _found(token)
        if found is None:
            raise UnauthenticatedError("The token is not known here")
        if found.is_revoked:
            raise UnauthenticatedError("The token has been revoked") from EndedTokenError(found.id)
        if found.is_expired:
            raise UnauthenticatedError("The token has expired") from EndedTokenError(found.id)
        self._last_use.note(found.id)
        return _pass(found)


async def _found(token: str) -> FoundToken | None:
    if not secret.is_plausible(token):
        return None
    async with looking(_UNAVAILABLE):
        return await find_token(secret.digest(token))


async def _is_still_good(token_id: int) -> bool:
    async with looking(_UNAVAILABLE):
        return await is_good(token_id)


def _pass(found: FoundToken) -> Pass:
    viewer = Viewer(f"token_{found.id}", found.name, found.role)
    is_still_good = partial(_is_still_good, found.id)
    if found.expires_at is None:
        return Pass(viewer, is_still_good=is_still_good)
    return Pass(viewer, found.expires_at.timestamp(), is_still_good=is_still_good)
