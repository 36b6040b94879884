"""An issuer's public keys, kept at hand."""

import asyncio
import contextvars
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

import structlog
from joserfc.jwk import Key

from gql_api.auth.key_source import KeysUnavailableError
from gql_api.auth.refusals import SignInUnavailableError, UnauthenticatedError
from mailing.outage import Outage

FRESH_SECONDS: Final = 900.0
"""After that they are asked for again while the known ones are still used: a key that the issuer takes back is
refused within that time."""
KEPT_SECONDS: Final = 86_400.0
"""So long the known ones are used while the issuer does not answer, and then none."""
REST_SECONDS: Final = 10.0
"""Between two times that the issuer is asked because of a key that is not known: anybody can name one."""
LONGEST_WAIT_SECONDS: Final = 60.0
"""Between two times that the issuer is asked while it does not answer; the first wait is a second, each then twice as
long."""

log = structlog.get_logger(__name__)


class IssuerKeys:
    """Asked for when they are first needed, when they are no longer fresh, and when a token names an unknown one, as
    it does after the issuer has changed them. However many wait, the issuer is asked once at a time.

    `fetch` asks the issuer; `clock` gives monotonic seconds.
    """

    def __init__(
        self, fetch: Callable[[], Awaitable[Sequence[Key]]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Sequence[Key] = ()
        self._fetched_at = float("-inf")
        self._may_ask_at = float("-inf")
        self._failures = 0
        self._asking: asyncio.Task[None] | None = None
        self._outage = Outage("auth.keys_unavailable", clock=clock)

    async def find(self, kid: str | None) -> Key:
        """The key of this name; without a name the only one there is.

        Raises UnauthenticatedError if the issuer has no such key, SignInUnavailableError if it cannot be asked.
        """
        age = self._clock() - self._fetched_at
        if age > KEPT_SECONDS:
            self._keys = ()
            await self._asked()
        elif age > FRESH_SECONDS:
            self.ask()
        key = self._known(kid)
        if key is None:
            await self._asked()
            key = self._known(kid)
        if key is not None:
            return key
        if self._failures:
            raise SignInUnavailableError("The token cannot be checked at present: its issuer does not answer")
        raise UnauthenticatedError("The token is signed with a key that its issuer does not have")

    @property
    def state(self) -> object | None:
        """The same object while the keys are the same and fresh; None while they are not fresh."""
        return self._keys if self._clock() - self._fetched_at <= FRESH_SECONDS else None

    def ask(self) -> None:
        """Begin to ask the issuer, unless that is going on, or was done a moment ago."""
        if self._asking is None and self._clock() >= self._may_ask_at:
            # In a context of its own: that of a request, with what is bound to its logs, may be gone long before.
            self._asking = asyncio.get_running_loop().create_task(self._ask(), context=contextvars.Context())

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            with suppress(asyncio.CancelledError):
                await self._asking

    async def _asked(self) -> None:
        self.ask()
        if self._asking is not None:
            await asyncio.shield(self._asking)

    async def _ask(self) -> None:
        try:
            self._keys = await self._fetch()
        except KeysUnavailableError as e:
            self._has_failed(e)
        except Exception as e:
            # A bug, and told as one; all the same a try like others, or every request would ask again and fail by it.
            log.exception("auth.keys_not_read")
            self._has_failed(e)
        else:
            self._failures = 0
            self._fetched_at = self._clock()
            self._may_ask_at = self._fetched_at + REST_SECONDS
            self._outage.over()
        finally:
            self._asking = None

    def _has_failed(self, error: Exception) -> None:
        self._failures += 1
        self._may_ask_at = self._clock() + _wait_seconds(self._failures)
        self._outage.met(error)

    def _known(self, kid: str | None) -> Key | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == kid), None)


def _wait_seconds(failures: int) -> float:
    """Not the same in all processes, so that they do not ask all at once."""
    return min(2.0 ** min(failures - 1, 10), LONGEST_WAIT_SECONDS) * random.uniform(0.5, 1)
