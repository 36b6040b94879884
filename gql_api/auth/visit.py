"""A request or a socket that has come to the gate, for as long as it is there."""

import math
from collections.abc import Mapping
from typing import Final, Self

from starlette.types import Scope
from structlog.contextvars import bind_contextvars

from gql_api.auth.credentials import Authenticator, Credentials, FirstOf, Pass
from gql_api.auth.places import Place
from gql_api.auth.refusals import RefusalError, SignInUnavailableError, UnauthenticatedError
from gql_api.auth.viewer import Viewer
from mailing.roles import Role

_KEY: Final = "mailing.visit"


class Visit:
    """Knows who has come, on a socket at the latest from connection_init on."""

    def __init__(
        self,
        authenticator: Authenticator,
        admitted: Pass | None = None,
        place: Place | None = None,
        *,
        sign_in_url: str | None = None,
    ) -> None:
        """`place`: of a socket, that which is taken for who comes with connection_init."""
        self._authenticator = authenticator
        self._place = place
        self.admitted = admitted
        self.sign_in_url = sign_in_url
        """Where people can sign in with a browser, if they can."""
        self.refusal: RefusalError | None = None
        """Why the socket is being closed."""

    @classmethod
    def of_all_with(cls, role: Role | None) -> Self:
        """Stands for all who have the role, in what is done once for them; None: for those who have not come in."""
        return cls(FirstOf(()), Pass(Viewer(subject="", name="", role=role)) if role else None)

    @property
    def viewer(self) -> Viewer | None:
        return self.admitted.viewer if self.admitted else None

    async def introduce(self, payload: Mapping[str, object] | None) -> None:
        """Take the payload of connection_init: its `authorization`, in any case, counts like the header.

        It goes before what the handshake has shown. Raises RefusalError, and remembers it.
        """
        shown = Credentials(_authorization(payload or {}))
        if shown.authorization is None and self.admitted is not None:
            return
        try:
            admitted = await self._authenticator.recognise(shown)
            if admitted is None:
                raise unknown(shown)
            if self._place is not None:
                self._place.take(admitted.viewer)
        except RefusalError as e:
            self.refusal = e
            raise
        self.admitted = admitted
        _bind(admitted)

    def remaining_seconds(self) -> float:
        """How long who has come may stay, or may take to say who it is."""
        return self.admitted.remaining_seconds() if self.admitted else math.inf

    @property
    def may_end(self) -> bool:
        """Whether who has come may have to go while something lasts."""
        admitted = self.admitted
        return admitted is not None and (admitted.expires_at < math.inf or admitted.is_still_good is not None)

    async def is_withdrawn(self) -> bool:
        """Whether the pass of who has come has been withdrawn. Not while that cannot be told: an outage does not stop
        those who are at work."""
        if self.admitted is None or self.admitted.is_still_good is None:
            return False
        try:
            return not await self.admitted.is_still_good()
        except SignInUnavailableError:
            return False

    def enter_in(self, scope: Scope) -> None:
        """Let `visit_of` find it, and everything that is logged on the way name who has come."""
        scope[_KEY] = self
        if self.admitted is not None:
            _bind(self.admitted)


def visit_of(scope: Scope) -> Visit:
    """That which the gate has let in. Behind no gate nobody has come in, and nothing is permitted."""
    visit: Visit | None = scope.get(_KEY)
    return visit or Visit(FirstOf(()))


def unknown(shown: Credentials) -> UnauthenticatedError:
    """Of credentials that no authenticator knows."""
    if shown.authorization is None:
        return UnauthenticatedError("Sign in first", shown=False)
    return UnauthenticatedError("The authorization is of a kind that is not accepted here")


def _authorization(payload: Mapping[str, object]) -> str | None:
    """Raises nothing: what is no text is as good as none."""
    for name, value in payload.items():
        if name.lower() == "authorization" and isinstance(value, str):
            return value
    return None


def _bind(admitted: Pass) -> None:
    bind_contextvars(user=admitted.viewer.subject)
