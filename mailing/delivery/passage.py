"""The way of a single request past the turnstile, for whoever sends without a pump."""

import asyncio
from contextlib import suppress
from datetime import datetime
from types import TracebackType

from mailing.delivery.turnstile import Lane, Permits, Turnstile


class Passage:
    """One request's claim to a connection and to the permits of its limits. A block: at its end all is given back."""

    def __init__(self, turnstile: Turnstile, permits: Permits | None, deadline: datetime) -> None:
        """`permits`: of the mailing; None without a limit. `deadline`: when the time of the message is over."""
        self._turnstile = turnstile
        self._called = asyncio.Event()
        self._is_wanted = False
        self._has_passed = False
        self._lane = Lane(
            demand=lambda: int(self._is_wanted), deadline=lambda: deadline, call=self._called.set, permits=permits
        )

    def __enter__(self) -> "Passage":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._has_passed:
            self._turnstile.leave()
        self._turnstile.withdraw(self._lane)

    async def opens_within(self, seconds: float) -> bool:
        """Wait for so long until the request may leave. If True, it has to leave in this very step of the event loop:
        a caller that waits for anything first has to look again at all that may forbid it.

        If False, it may be asked again; until then nothing is granted to a request that could not leave at once.
        """
        self._is_wanted = True
        if not self._passes():
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._called.wait()
            self._called.clear()
            self._passes()
        self._is_wanted = False
        return self._has_passed

    def _passes(self) -> bool:
        self._has_passed = self._turnstile.try_pass(self._lane)
        return self._has_passed
