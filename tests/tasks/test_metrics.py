"""The metrics of real workers: their sums are what the provider and the books say."""

from collections import Counter

import aiohttp
import pytest

from mailing.cli.preconditions import free_port
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.conftest import counts, has_status, new_mailing
from tests.delivery.stories import Clients
from tests.metrics.pages import Sheet, fetch
from tests.tasks.conftest import StartWorker, WorkerProcess, sweep_until
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("queue")

REQUESTS = "mailing_provider_request_duration_seconds_count"
RESULTS = "mailing_message_results_total"


async def test_the_sums_of_two_workers_are_the_providers_ledger_and_the_books(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given a provider that refuses some, defers some, and is silent to some
    await clients(2_000)
    await provider.set_scenario(
        Scenario(seed=5, latency_ms=20, refuse_share=0.02, throttle_share=0.05, retry_after_seconds=0, code_share=0.03)
    )
    ports = [free_port(), free_port()]
    for port in ports:
        await start_worker(METRICS_PORT=port, PUMP_CONCURRENCY=8, PUMP_BATCH=100)
    for port in ports:
        await _until_watched(port)

    # When
    mailing = await create_mailing(new_mailing())
    await sweep_until(settings, lambda: has_status(mailing.id, "FINISHED"))

    # Then both have sent, and together exactly this
    pages = await _pages(ports)
    assert all(page.value(REQUESTS, outcome="ACCEPTED") > 0 for page in pages)
    books = await counts(mailing.id)
    assert _sum(pages, REQUESTS, outcome="ACCEPTED") == provider.ledger.unique == books["sent"]
    assert _sum(pages, RESULTS, status="SENT") == books["sent"]
    assert _sum(pages, RESULTS, status="FAILED") == books["failed"] > 0
    attempts = Counter(
        {
            row["outcome"]: row["n"]
            for row in await sql("SELECT outcome, count(*) AS n FROM delivery_attempt GROUP BY outcome")
        }
    )
    assert {outcome: _sum(pages, REQUESTS, outcome=outcome) for outcome in attempts} == attempts
    assert _sum(pages, REQUESTS) == attempts.total() == _sum(pages, RESULTS)
    assert _sum(pages, "mailing_provider_failures_total", reason="HTTP 429") > 0
    assert _sum(pages, "mailing_provider_failures_total") == attempts.total() - attempts["ACCEPTED"]
    assert _sum(pages, "mailing_pump_batch_messages_sum", statement="record") == attempts.total()
    assert _sum(pages, "mailing_clients_matched_total") == 2_000
    assert _sum(pages, "mailing_job_duration_seconds_count", task="mailing.pump", outcome="failed") == 0
    assert _sum(pages, "mailing_job_duration_seconds_count", task="mailing.pump", outcome="done") >= 2


async def test_a_worker_whose_metrics_port_is_taken_does_not_start(start_worker: StartWorker) -> None:
    # Given one that has it
    port = free_port()
    first = await start_worker(METRICS_PORT=port)
    await _until_watched(port)

    # When
    second = await start_worker(METRICS_PORT=port)

    # Then
    assert await second.ended() == 1
    assert second.logged().splitlines() == [
        f"mailing: port {port} on 127.0.0.1 is in use; give each process a MAILING_METRICS_PORT of its own"
    ]
    await _assert_lives(first, port)


async def _assert_lives(worker: WorkerProcess, port: int) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n"), worker.logged()


async def _until_watched(port: int) -> None:
    async def is_watched() -> bool:
        try:
            await _pages([port])
        except aiohttp.ClientError:
            return False
        return True

    await until(is_watched, seconds=40)


async def _pages(ports: list[int]) -> list[Sheet]:
    async with aiohttp.ClientSession() as http:
        return [await fetch(http, f"http://127.0.0.1:{port}/metrics") for port in ports]


def _sum(pages: list[Sheet], sample: str, **labels: str) -> float:
    return sum(page.value(sample, **labels) for page in pages)
