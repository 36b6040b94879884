import asyncio
from collections.abc import AsyncGenerator

import aiohttp
import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from gql_api.http.view import GraphQLView
from mailing.mailings import service
from mailing.models import MailingStatus
from mailing.progress.feed import ProgressFeed
from mailing.progress.snapshot import MailingProgress
from mailing.provider_health.feed import HealthFeed
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import NOON, add_clients, add_mailing, add_messages
from tests.gql_api.serving import open_to_everyone, serving

PROGRESS = """
subscription ($id: ID!) {
  mailingProgress(mailingId: $id) { total pending cancelled mailing { id status } }
}
"""


async def test_progress_comes_whole_then_changed_and_ends_with_the_last_state(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)
    await add_messages(sql, await add_mailing("RUNNING"))

    async with api.socket() as socket:
        await socket.subscribe("a", PROGRESS, id="mailing_1")
        first = await socket.receive()
        await service.cancel_mailing(1)
        last = await socket.receive()
        end = await socket.receive()

    assert first == _next("a", total=2, pending=2, cancelled=0, mailing={"id": "mailing_1", "status": "RUNNING"})
    assert last == _next("a", total=2, pending=0, cancelled=2, mailing={"id": "mailing_1", "status": "CANCELLED"})
    assert end == {"id": "a", "type": "complete"}


async def test_a_mailing_that_is_over_tells_its_last_state_and_ends(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("CANCELLED", closed_as="CANCELLED"))

    async with api.socket() as socket:
        await socket.subscribe("a", PROGRESS, id="mailing_1")
        state, end = await socket.receive(), await socket.receive()

    assert state["payload"]["data"]["mailingProgress"]["cancelled"] == 1
    assert end == {"id": "a", "type": "complete"}


@pytest.mark.parametrize("id", ["mailing_7", "client_1", ""])
async def test_an_unknown_mailing_is_an_error_of_that_subscription_alone(api: Api, id: str) -> None:
    await add_mailing("RUNNING")

    async with api.socket() as socket:
        await socket.subscribe("a", PROGRESS, id="mailing_1")
        await socket.receive()
        await socket.subscribe("b", PROGRESS, id=id)
        error = await socket.receive()
        await socket.receive()
        await socket.subscribe("c", PROGRESS, id="mailing_1")
        other = await socket.receive()

    assert error["id"] == "b"
    (shown,) = error["payload"]["errors"] if error["type"] == "next" else error["payload"]
    assert shown["message"] == "mailingId: nothing has this id"
    assert shown["extensions"] == {"code": "NOT_FOUND", "argument": "mailingId"}
    assert other["id"] == "c"


async def test_all_running_mailings_are_followed_at_once(api: Api) -> None:
    await add_mailing("RUNNING")
    await add_mailing("SCHEDULED")
    await add_mailing("RUNNING")

    async with api.socket() as socket:
        await socket.subscribe("a", "subscription { activeMailingsProgress { mailing { id status } } }")
        states = [await socket.receive() for _ in range(2)]
        await service.pause_mailing(3)
        changed = await socket.receive()

    told = [state["payload"]["data"]["activeMailingsProgress"]["mailing"] for state in (*states, changed)]
    assert sorted(mailing["id"] for mailing in told[:2]) == ["mailing_1", "mailing_3"]
    assert told[2] == {"id": "mailing_3", "status": "PAUSED"}


async def test_the_client_library_of_the_command_line_follows_progress(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))
    transport = WebsocketsTransport(url=f"ws://{api.address}/graphql", subprotocols=["graphql-transport-ws"])

    seen = []
    async with Client(transport=transport) as session:
        request = gql('subscription { mailingProgress(mailingId: "mailing_1") { pending } }')
        async for state in session.subscribe(request):
            seen.append(state)
            await service.cancel_mailing(1) if len(seen) == 1 else None

    assert seen == [{"mailingProgress": {"pending": 1}}, {"mailingProgress": {"pending": 0}}]


def _next(id: str, **progress: object) -> dict[str, object]:
    return {"id": id, "type": "next", "payload": {"data": {"mailingProgress": progress}}}


class _Feed(ProgressFeed):
    """One state, then silence; tells when it is closed."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def watch_active(self) -> AsyncGenerator[MailingProgress, None]:
        try:
            yield MailingProgress(
                mailing_id=1,
                status=MailingStatus.RUNNING,
                **dict.fromkeys(("pending", "sending", "sent", "failed", "expired", "unconfirmed", "cancelled"), 1),
                messages_per_second=0.5,
                estimated_finish_at=None,
                updated_at=NOON,
                selection_over=True,
                revision=1,
            )
            await asyncio.Event().wait()
        finally:
            self.closed.set()


@pytest.mark.parametrize("way", ["complete", "disconnect"])
async def test_a_subscription_that_the_caller_ends_is_ended_at_its_source(way: str) -> None:
    feed = _Feed()
    app = Starlette(routes=[WebSocketRoute("/graphql", open_to_everyone(GraphQLView(feed, HealthFeed())))])

    async with serving(app) as address, aiohttp.ClientSession() as http, Api(http, address).socket() as socket:
        await socket.subscribe("a", "subscription { activeMailingsProgress { total updatedAt } }")
        state = await socket.receive()
        if way == "complete":
            await socket.send(id="a", type="complete")
        else:
            await socket.connection.close()
        async with asyncio.timeout(5):
            await feed.closed.wait()

    assert state["payload"] == {"data": {"activeMailingsProgress": {"total": 7, "updatedAt": "2030-01-31T12:00:00Z"}}}
