"""`providerHealth`, followed live."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from gql_api.http.view import GraphQLView
from mailing.mailings.service import create_mailing
from mailing.progress.feed import ProgressFeed
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider_health.feed import HealthFeed
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.stories import Clients
from tests.gql_api.api import Api, Json
from tests.gql_api.serving import open_to_everyone, serving
from tests.provider_health.channel import counted_reads
from tests.waiting import until

HEALTH = """
subscription {
  providerHealth { breaker cause reason since nextProbeAt recentRequests recentFailures updatedAt }
}
"""


@asynccontextmanager
async def followed(api: Api) -> AsyncIterator[list[Json]]:
    """What a subscriber is told, growing as it comes."""
    told: list[Json] = []

    async def follow() -> None:
        while (frame := await socket.receive())["type"] == "next":
            told.append(frame["payload"]["data"]["providerHealth"])
        pytest.fail(f"it is not to end: {frame}")

    async with api.socket() as socket:
        await socket.subscribe("a", HEALTH)
        following = asyncio.create_task(follow())
        yield told
        following.cancel()
        await asyncio.wait({following})


async def test_a_failure_of_the_provider_and_its_recovery_are_told_in_their_order(
    api: Api, worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given a mailing at a provider that answers 500
    await provider.set_scenario(Scenario(error_share=1))
    await clients(60)
    async with followed(api) as told:
        await until(lambda: len(told) == 1)
        mailing = await create_mailing(new_mailing())

        async def says_open() -> bool:
            return any(health["breaker"] == "OPEN" for health in told)

        # When it fails until that is told, and then recovers
        await worker.until(says_open)
        await provider.set_scenario(Scenario())
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))
        await until(lambda: told[-1]["breaker"] == "CLOSED")
    # Then it was closed, then not, then closed again
    assert told[0]["breaker"] == "CLOSED"
    first = next(health for health in told if health["breaker"] != "CLOSED")
    assert first["cause"] == "FAILURES"
    assert "500" in first["reason"]
    assert first["nextProbeAt"] > first["since"]
    assert first["recentFailures"] >= 20
    assert [told[-1][name] for name in ("cause", "reason", "nextProbeAt")] == [None, None, None]
    assert told[-1]["since"] > first["since"]
    moments = [health["updatedAt"] for health in told]
    assert moments == sorted(set(moments))
    assert await counts(mailing.id) == {"sent": 60}


async def test_nobody_reads_for_subscribers_that_have_gone(
    database: None, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two subscribers, on sockets of their own
    reads = counted_reads(monkeypatch)
    health = HealthFeed(read_every_seconds=0.02)
    health.start()
    app = Starlette(routes=[WebSocketRoute("/graphql", open_to_everyone(GraphQLView(ProgressFeed(redis), health)))])
    async with serving(app) as address, aiohttp.ClientSession() as http:
        api = Api(http, address)
        async with followed(api) as one, followed(api) as other:
            await until(lambda: bool(one and other))
            await until(lambda: reads() > 2 + 5)
        # When they have gone, then the reader rests
        await until(lambda: not health._followers)
        after = reads()
        await asyncio.sleep(0.1)  # five rounds in which nothing is to happen
        assert reads() <= after + 1  # one may have been under way
    await health.stop()
