"""The figures of the whole service, from real rows and real queues."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from redis.asyncio import Redis

from mailing.mailings.service import create_mailing
from mailing.metrics import service
from mailing.metrics.service import ServiceFigures
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.conftest import clients, new_mailing
from tests.delivery.stories import Clients
from tests.metrics.pages import Sheet, read
from tests.waiting import until

__all__ = ["clients"]


async def shown(figures: ServiceFigures) -> Sheet:
    await figures.refresh()
    registry = CollectorRegistry()
    registry.register(figures)
    return read(generate_latest(registry).decode())


async def test_it_tells_of_all_mailings_that_are_not_over(redis: "Redis", sql: Sql, clients: Clients) -> None:
    # Given a mailing that runs, one that should have started, one to come and one that is over
    await clients(5)
    running = await create_mailing(new_mailing())
    await create_mailing(new_mailing())
    await create_mailing(new_mailing(starts_at=datetime.now(UTC) + timedelta(minutes=5)))
    over = await create_mailing(new_mailing())
    await sql("UPDATE mailing SET status = 'RUNNING', selected_at = now() WHERE id = $1", running.id)
    await sql("UPDATE mailing SET status = 'FINISHED' WHERE id = $1", over.id)
    for mailing in (running, over):
        await sql(
            "INSERT INTO message (mailing_id, client_id, phone, operator_code, tag, timezone)"
            " SELECT $1, id, phone, operator_code, tag, timezone FROM client",
            mailing.id,
        )
    await sql("UPDATE message SET status = 'SENT' WHERE mailing_id = $1 AND client_id <= 2", running.id)

    # When
    page = await shown(ServiceFigures(redis, {"sending"}))

    # Then
    assert page.value("mailing_service_server_up", server="database") == 1
    assert page.value("mailing_service_mailings", status="RUNNING") == 1
    assert page.value("mailing_service_mailings", status="SCHEDULED") == 2
    assert page.value("mailing_service_mailings") == 3
    assert page.value("mailing_service_messages", status="SENT") == 2
    assert page.value("mailing_service_messages", status="PENDING") == 3
    assert page.value("mailing_service_messages") == 5
    assert 0.5 < page.value("mailing_service_start_overdue_seconds") < 60
    assert page.value("mailing_service_mailings_due") == 1
    assert page.value("mailing_service_provider_channel", state="CLOSED") == 1
    assert page.value("mailing_service_provider_channel") == 1


async def test_it_tells_of_leases_that_are_held_and_of_those_that_have_expired(redis: "Redis", sql: Sql) -> None:
    await sql(
        "INSERT INTO delivery_slot (mailing_id, slot, token, leased_until) VALUES"
        " (1, 0, 64, now() + interval '1 min'), (1, 1, 65, now() - interval '1 s'), (1, 2, NULL, NULL)"
    )
    page = await shown(ServiceFigures(redis, {"sending"}))
    assert page.value("mailing_service_leases", state="held") == 1
    assert page.value("mailing_service_leases", state="expired") == 1


async def test_it_tells_how_long_the_queues_are(redis: "Redis", database: None) -> None:
    await redis.rpush("mailing:sending", "a", "b")
    await redis.rpush("mailing:sending.DQ", "c")
    await redis.zadd("mailing:mailing.XQ", {"d": 1})
    page = await shown(ServiceFigures(redis, {"sending", "mailing"}))
    assert page.value("mailing_service_queue_messages", queue="sending", state="waiting") == 2
    assert page.value("mailing_service_queue_messages", queue="sending", state="delayed") == 1
    assert page.value("mailing_service_queue_messages", queue="mailing", state="dead") == 1
    assert page.value("mailing_service_queue_messages") == 4


async def test_a_database_that_hangs_leaves_its_figures_out_and_soon(
    redis: "Redis", database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setattr(service, "READ_SECONDS", 0.1)
    monkeypatch.setattr(service, "read_database_figures", lambda: asyncio.Event().wait())

    # When
    page = await shown(ServiceFigures(redis, {"sending"}))

    # Then
    assert page.value("mailing_service_server_up", server="database") == 0
    assert page.value("mailing_service_server_up", server="redis") == 1
    assert not page.has("mailing_service_messages")
    assert page.has("mailing_service_queue_messages")


async def test_a_question_that_cannot_even_be_given_up_is_not_waited_for_nor_asked_again(
    redis: "Redis", database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a database that does not hear that a statement is cancelled
    asked, hears = 0, asyncio.Event()

    async def read_figures() -> None:
        nonlocal asked
        asked += 1
        try:
            await asyncio.sleep(60)
        finally:
            await hears.wait()

    monkeypatch.setattr(service, "READ_SECONDS", 0.1)
    monkeypatch.setattr(service, "FRESH_SECONDS", 0)
    monkeypatch.setattr(service, "read_database_figures", read_figures)
    figures = ServiceFigures(redis, {"sending"})

    # When
    async with asyncio.timeout(5):
        pages = [await shown(figures) for _ in range(3)]

    # Then
    assert [page.value("mailing_service_server_up", server="database") for page in pages] == [0, 0, 0]
    assert asked == 1

    # And when it hears again
    hears.set()
    await until(lambda: _asked_again(figures, lambda: asked))


async def _asked_again(figures: ServiceFigures, asked: Callable[[], int]) -> bool:
    await figures.refresh()
    return asked() > 1


async def test_a_redis_that_is_away_leaves_its_figures_out(database: None) -> None:
    away: Redis = Redis(port=9, socket_connect_timeout=1)
    page = await shown(ServiceFigures(away, {"sending"}))
    assert page.value("mailing_service_server_up", server="redis") == 0
    assert not page.has("mailing_service_queue_messages")
    assert page.has("mailing_service_messages")


async def test_many_who_ask_at_once_ask_the_database_once(
    redis: "Redis", database: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0

    async def read_figures() -> None:
        nonlocal reads
        reads += 1
        await asyncio.sleep(0.01)

    monkeypatch.setattr(service, "read_database_figures", read_figures)
    figures = ServiceFigures(redis, {"sending"})
    await asyncio.gather(*(figures.refresh() for _ in range(50)))
    assert reads == 1


async def test_figures_of_long_ago_are_not_shown(
    redis: "Redis", database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = ServiceFigures(redis, {"sending"})
    await figures.refresh()
    monkeypatch.setattr(service, "STALE_SECONDS", -1)
    registry = CollectorRegistry()
    registry.register(figures)
    page = read(generate_latest(registry).decode())
    assert page.families.keys() == {"mailing_service_server_up"}
    assert page.value("mailing_service_server_up") == 0
