"""Reads from a server that may be stuck, and waits for it no longer than so long."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Figures = TypeVar("Figures")


class Reading(Generic[Figures]):
    """Asks one server for its figures, one question at a time."""

    def __init__(self, read: Callable[[], Coroutine[Any, Any, Figures]], errors: tuple[type[Exception], ...]) -> None:
        """`errors`: with which `read` says that the server does not answer."""
        self._read = read
        self._errors = errors
        self._asked: asyncio.Task[Figures] | None = None

    async def within(self, seconds: float) -> Figures | None:
        """The figures; None where they do not come in time.

        A question that is given up is not waited for: a database that is stuck does not even hear that it is, and its
        connection is given back only then. Until that has happened, nothing more is asked.
        """
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._read())
            self._asked.add_done_callback(_forget_its_error)
        elif self._asked.cancelling():
            return None
        await asyncio.wait({self._asked}, timeout=seconds)
        if not self._asked.done():
            self._asked.cancel()
            return None
        try:
            return self._asked.result()
        except self._errors:
            return None  # What is wrong is in the log of whoever needs it, and /readyz says it.


def _forget_its_error(asked: "asyncio.Task[Any]") -> None:
    """One that is given up may fail as it likes."""
    if not asked.cancelled():
        asked.exception()
