"""What a caller shows, and what it is good for."""

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gql_api.auth.viewer import EVERYONE, Viewer


@dataclass(frozen=True, slots=True)
class Credentials:
    """The headers of a request or a handshake that say who asks; over a socket also what connection_init brings."""

    authorization: str | None = None
    cookie: str | None = None

    @property
    def bearer_token(self) -> str | None:
        """Of `Authorization: Bearer …`; the word in any case (RFC 9110, 11.1)."""
        scheme, _, token = (self.authorization or "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None


@dataclass(frozen=True, slots=True)
class Pass:
    """Lets its bearer in."""

    viewer: Viewer
    expires_at: float = math.inf
    """Seconds of the Unix clock, from which on it is none any more."""
    by_cookie: bool = False
    """A browser shows it by itself, whichever page makes it ask."""
    is_still_good: Callable[[], Awaitable[bool]] | None = field(default=None, repr=False, compare=False)
    """For a pass that can be withdrawn before it expires: False once it has been. Asked every few seconds for what
    lasts, a stream or a socket; a request is let in by a pass that is new. Raises SignInUnavailableError where it
    cannot be told at present: what lasts goes on then."""

    def remaining_seconds(self) -> float:
        """How long it still holds; 0 once it does not."""
        return max(0.0, self.expires_at - time.time())


class Authenticator(Protocol):
    """Knows one kind of credentials."""

    async def recognise(self, shown: Credentials) -> Pass | None:
        """None where nothing of its kind is shown.

        Raises UnauthenticatedError for what is of its kind and does not hold, ForbiddenError for somebody who has
        nothing to look for here, SignInUnavailableError where it cannot be told at present.
        """


class FirstOf:
    """Asks each in turn, until one knows what is shown."""

    def __init__(self, authenticators: Sequence[Authenticator]) -> None:
        self._authenticators = authenticators

    async def recognise(self, shown: Credentials) -> Pass | None:
        for authenticator in self._authenticators:
            found = await authenticator.recognise(shown)
            if found is not None:
                return found
        return None


class Everyone:
    """Where nobody has to sign in: lets everyone in as an admin, whatever is shown."""

    async def recognise(self, _: Credentials) -> Pass:
        return Pass(EVERYONE)
