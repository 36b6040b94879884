"""Subscriptions as events and as parts, byte for byte."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from gql_api.http import streams
from gql_api.http.negotiation import Form
from mailing.models.mailing import MailingStatus
from tests.gql_api.api import Api
from tests.gql_api.following import followed
from tests.progress.conftest import state
from tests.waiting import until

SENT = "subscription Sent($id: ID!) { mailingProgress(mailingId: $id) { sent } }"
EVENTS = "text/event-stream"
PARTS = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"


async def test_events_tell_every_state_and_the_end() -> None:
    async with followed(state(1)) as one, _asked(one.api, EVENTS) as response:
        # Given a stream that has begun
        assert response.status == 200
        assert {name: response.headers[name] for name in ("Content-Type", "Cache-Control", "Vary")} == {
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store, no-transform",
            "Vary": "Accept",
        }
        assert await _next(response) == ":\n\n"
        assert await _next(response) == 'event: next\ndata: {"data":{"mailingProgress":{"sent":1000}}}\n\n'
        # When the mailing ends
        one.feed.accept(state(2, status=MailingStatus.FINISHED))
        # Then the stream does, too
        rest = await response.text()
    assert rest == (
        'event: next\ndata: {"data":{"mailingProgress":{"sent":2000}}}\n\n'
        "event: complete\ndata:\n\n"
    )  # fmt: skip


async def test_parts_tell_every_state_and_the_end() -> None:
    async with followed(state(1)) as one, _asked(one.api, PARTS) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
        assert await _next(response) == "--graphql" + _part("{}")
        assert await _next(response) == _part('{"payload":{"data":{"mailingProgress":{"sent":1000}}}}')
        one.feed.accept(state(2, status=MailingStatus.FINISHED))
        rest = await response.text()
    assert rest == _part('{"payload":{"data":{"mailingProgress":{"sent":2000}}}}') + "--\r\n"


async def test_a_subscription_may_be_asked_by_get() -> None:
    async with followed(state(1, status=MailingStatus.FINISHED)) as one:
        query = 'subscription { mailingProgress(mailingId: "mailing_1") { sent } }'
        async with one.api.http.get(
            f"http://{one.api.address}/graphql", params={"query": query}, headers={"Accept": EVENTS}
        ) as response:
            assert await response.text() == (
                ':\n\nevent: next\ndata: {"data":{"mailingProgress":{"sent":1000}}}\n\nevent: complete\ndata:\n\n'
            )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (SENT, "NOT_FOUND"),
        ("subscription ($id: ID!, $x: Int!) { mailingProgress(mailingId: $id) { sent } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_mistake_is_the_only_result(query: str, code: str) -> None:
    async with followed() as one, _asked(one.api, EVENTS, query) as response:
        text = await response.text()

    assert text.count("event: next\n") == 1
    assert f'"code":"{code}"' in text
    assert text.endswith("event: complete\ndata:\n\n")


async def test_streams_share_their_execution_with_sockets_and_end_it_when_the_last_has_left() -> None:
    async with followed(state(1)) as one:
        # Given the same subscription by three ways
        async with one.api.socket() as socket, _asked(one.api, EVENTS) as events, _asked(one.api, PARTS) as parts:
            await socket.subscribe("a", SENT, id="mailing_1")
            assert (await socket.receive())["payload"]["data"]["mailingProgress"] == {"sent": 1000}
            for response in (events, parts):
                await _next(response)
                assert '"sent":1000' in await _next(response)
            assert len(one.executions) == 1
            # When the mailing goes on, then all hear of it
            one.feed.accept(state(2))
            assert (await socket.receive())["payload"]["data"]["mailingProgress"] == {"sent": 2000}
            for response in (events, parts):
                assert '"sent":2000' in await _next(response)
                response.close()
        # And when all have left nothing runs on
        await until(lambda: one.feed.is_idle and not len(one.executions))


@pytest.mark.parametrize("accept", [EVENTS, PARTS])
async def test_silence_is_filled(accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for form, framing in streams.FRAMINGS.items():
        monkeypatch.setitem(streams.FRAMINGS, form, dataclasses.replace(framing, beat_seconds=0.02))
    beat = streams.FRAMINGS[Form.EVENTS if accept is EVENTS else Form.PARTS].beat

    async with followed(state(1)) as one, _asked(one.api, accept) as response:
        await _next(response)
        assert '"sent":1000' in await _next(response)
        assert [await _next(response) for _ in range(3)] == [beat] * 3
        one.feed.accept(state(2))
        while (chunk := await _next(response)) == beat:
            pass
        assert '"sent":2000' in chunk


@asynccontextmanager
async def _asked(api: Api, accept: str, query: str = SENT) -> AsyncIterator[aiohttp.ClientResponse]:
    body = {"query": query, "variables": {"id": "mailing_1"}}
    async with (
        asyncio.timeout(10),
        api.http.post(f"http://{api.address}/graphql", json=body, headers={"Accept": accept}) as response,
    ):
        yield response


async def _next(response: aiohttp.ClientResponse) -> str:
    chunk, _ = await response.content.readchunk()
    return chunk.decode()


def _part(content: str) -> str:
    return f"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{content}\r\n--graphql"
