"""How long what lasts may last, on an event loop whose days are short."""

import asyncio
import math
import selectors
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVarTuple

import structlog
from starlette.types import Message, Receive, Scope, Send

from gql_api.auth.credentials import FirstOf, Pass
from gql_api.auth.stay import serve_request, serve_socket
from gql_api.auth.viewer import EVERYONE
from gql_api.auth.visit import Visit

DAY = 86_400.0
SPEED = 1_000_000
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}

_Ts = TypeVarTuple("_Ts")


class _QuickSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout and timeout / SPEED)


class _QuickLoop(asyncio.SelectorEventLoop):
    """Eleven days pass in a second. Counts the timers that are set."""

    def __init__(self) -> None:
        self.timers = 0
        super().__init__(_QuickSelector())

    def time(self) -> float:
        return super().time() * SPEED

    def call_at(
        self, when: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self.timers += 1
        return super().call_at(when, callback, *args, context=context)


def quickly(run: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run it on such a loop; how many timers it took."""
    loop = _QuickLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(run())
        return loop.timers


def visit_for(seconds: float) -> Visit:
    return Visit(FirstOf(()), Pass(EVERYONE, time.time() + seconds))


async def nothing() -> Message:
    raise AssertionError("nobody receives")


def test_a_stream_lasts_for_days_where_its_pass_does() -> None:
    sent: list[Message] = []

    async def stream(_: Scope, __: Receive, send: Send) -> None:
        await send(START)
        await asyncio.sleep(2 * DAY)
        await send({"type": "http.response.body", "body": b"the end"})

    async def send(message: Message) -> None:
        sent.append(message)

    quickly(lambda: serve_request(stream, visit_for(3_000 * DAY), {}, nothing, send))

    assert sent == [START, {"type": "http.response.body", "body": b"the end"}]


def test_a_stream_ends_with_its_pass_after_days() -> None:
    sent: list[Message] = []

    async def stream(_: Scope, __: Receive, send: Send) -> None:
        await send(START)
        await asyncio.sleep(9 * DAY)
        raise AssertionError("it goes on")

    async def send(message: Message) -> None:
        sent.append(message)

    with structlog.testing.capture_logs() as logs:
        quickly(lambda: serve_request(stream, visit_for(2 * DAY), {}, nothing, send))

    assert sent == [START, {"type": "http.response.body", "body": b"", "more_body": False}]
    # Also where the clock by which passes expire is behind that of the event loop.
    assert [(entry["event"], entry["how"]) for entry in logs] == [("auth.stream_ended", "expired")]


def test_a_frame_of_a_socket_whose_pass_never_expires_costs_no_timer() -> None:
    frame: Message = {"type": "websocket.receive", "text": "{}"}

    def serve(seconds: float) -> int:
        return quickly(lambda: serve_socket(listen, visit_for(seconds), {}, receive, send))

    async def listen(_: Scope, receive: Receive, __: Send) -> None:
        for _frame in range(10):
            assert await receive() == frame

    async def receive() -> Message:
        return frame

    async def send(_: Message) -> None:
        raise AssertionError("nobody sends")

    assert serve(3_000 * DAY) - serve(math.inf) == 10
