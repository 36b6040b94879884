"""Subscriptions as HTTP responses that go on until the subscription ends or the client leaves."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, aclosing
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gql_api.http import multipart, sse
from gql_api.http.answers import VARY, errors_payload
from gql_api.http.follower import Follower
from gql_api.http.negotiation import Form


@dataclass(frozen=True, slots=True)
class Framing:
    """How results become bytes of one response."""

    content_type: str
    begin: str
    of: Callable[[str], str]
    beat: str
    """What is sent when there was nothing to send for `beat_seconds`."""
    beat_seconds: float
    end: str


FRAMINGS = {
    Form.EVENTS: Framing(Form.EVENTS, sse.BEAT, sse.event, sse.BEAT, sse.BEAT_SECONDS, sse.END),
    Form.PARTS: Framing(
        multipart.CONTENT_TYPE,
        multipart.BEGIN + multipart.BEAT,
        multipart.part,
        multipart.BEAT,
        multipart.BEAT_SECONDS,
        multipart.END,
    ),
}


class SubscriptionResponse(Response):
    """Follows an execution for as long as the response lasts.

    What the client does not take in time is not queued: the follower keeps only the newest. What is wrong with the
    subscription comes as its only result, for the status is sent before that is known.
    """

    def __init__(self, following: AbstractContextManager[Follower], framing: Framing) -> None:
        super().__init__(headers=sse.HEADERS | VARY, media_type=framing.content_type)
        del self.headers["content-length"]
        self._following = following
        self._framing = framing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._following as follower:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._send_all(follower, send))
                leaving = tasks.create_task(_until_gone(receive))
                sending.add_done_callback(lambda _: leaving.cancel())
                leaving.add_done_callback(lambda _: sending.cancel())

    async def _send_all(self, follower: Follower, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with aclosing(_chunks(follower, self._framing)) as chunks:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk.encode(), "more_body": True})
        await send({"type": "http.response.body"})


async def _chunks(follower: Follower, framing: Framing) -> AsyncGenerator[str, None]:
    yield framing.begin
    coming = asyncio.ensure_future(anext(follower, None))
    try:
        while True:
            is_there, _ = await asyncio.wait({coming}, timeout=framing.beat_seconds)
            if not is_there:
                yield framing.beat
            elif (payload := coming.result()) is None:
                break
            else:
                yield framing.of(payload)
                coming = asyncio.ensure_future(anext(follower, None))
    finally:
        coming.cancel()
    if follower.errors:
        yield framing.of(errors_payload(follower.errors))
    yield framing.end


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
