"""One kept-alive connection to the provider, as an asyncio protocol."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import cast

from mailing.provider.answers import Failure
from mailing.provider.direct.alarm import Alarm
from mailing.provider.direct.response_reader import ResponseReader, UnreadableError
from mailing.provider.exchange import KEEP_ALIVE_SECONDS, ExchangeError, Reply, described


class Connection(asyncio.Protocol):
    """Carries one exchange at a time, and closes itself as soon as it is good for no further one.

    That is: after an exchange that did not end cleanly or was cancelled, when the server says or does what nobody
    asked for, and after KEEP_ALIVE_SECONDS without work. `on_lost` is called once, when it is out of use.
    """

    _transport: asyncio.Transport

    def __init__(self, on_lost: Callable[["Connection"], None]) -> None:
        self._on_lost = on_lost
        self._reader = ResponseReader()
        self._alarm = Alarm(self._on_alarm)
        self._waiter: asyncio.Future[Reply] | None = None
        self._idle_until = 0.0
        self.is_open = False
        self.closed = asyncio.Event()

    @property
    def is_fresh(self) -> bool:
        """Whether a request may leave on it. Looks at the clock, because alarms are late in a busy loop."""
        return self.is_open and monotonic() < self._idle_until

    async def exchange(self, request: bytes, deadline: float) -> Reply:
        """Write the request once and wait for the answer until `deadline`, a moment of the monotonic clock.

        Raises ExchangeError if no head of an answer came. Afterwards the connection is idle or closed.
        """
        waiter: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        try:
            self._reader.begin()
            self._alarm.set(deadline)
            self._transport.write(request)
            return await waiter
        finally:
            if self._waiter is waiter:  # Cancelled: its answer may still come, and would be taken for the next one's.
                self._waiter = None
                self.abort()

    def abort(self) -> None:
        """Close at once. What is in flight ends as lost."""
        self._transport.abort()
        self._be_over()

    # The loop calls these; their names are its own.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods of asyncio.Transport, but are no instances of it.
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True
        self._rest()

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:
            self.abort()
            return
        try:
            self._reader.feed(data)
        except UnreadableError as e:
            self._break_off(Failure.UNREADABLE, str(e))
        else:
            if self._reader.is_whole:
                self._end(is_good=self._reader.may_another_follow)

    def eof_received(self) -> None:
        self._reader.end()
        if self._waiter is not None and self._reader.is_whole:
            self._end(is_good=False)
        else:
            self._break_off(Failure.CONNECTION_LOST, "the server closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        self._be_over(described(exc) if exc else "")
        self.closed.set()

    def _on_alarm(self) -> None:
        self._break_off(Failure.TIMEOUT, "")

    def _end(self, *, is_good: bool) -> None:
        """The answer is whole."""
        waiter, self._waiter = self._waiter, None
        # An answer that came before the whole request had left does not tell where the next one begins.
        if is_good and self._transport.get_write_buffer_size() == 0:
            self._rest()
        else:
            self.abort()
        if waiter is not None and not waiter.done() and (reply := self._reader.reply()) is not None:
            waiter.set_result(reply)

    def _break_off(self, failure: Failure, detail: str) -> None:
        """End the exchange, if there is one, with what has been read so far, and close."""
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            if (reply := self._reader.reply(cut=failure)) is not None:
                waiter.set_result(reply)
            else:
                waiter.set_exception(ExchangeError(failure, detail))
        if self.is_open:
            self.abort()

    def _rest(self) -> None:
        self._idle_until = monotonic() + KEEP_ALIVE_SECONDS
        self._alarm.set(self._idle_until)

    def _be_over(self, detail: str = "") -> None:
        if self.is_open:
            self.is_open = False
            self._alarm.stop()
            self._on_lost(self)
            self._break_off(Failure.CONNECTION_LOST, detail)
