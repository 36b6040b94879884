"""Rate limits in sending: as the provider sees them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from mailing.delivery.rate_limit import RateLimits
from mailing.delivery.rate_limit_permits import most_in_a_second
from mailing.mailings.service import create_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.provider.fake import FakeProvider
from tests.delivery.accounts import assert_accounts_are_exact, assert_provider_has_exactly_what_is_sent
from tests.delivery.conftest import Worker, counts, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients, has_sent
from tests.delivery.windows import most_in_any_second, used_share


def arrivals(provider: FakeProvider, text: str = "Hello") -> list[float]:
    return [entry.arrived_at for entry in provider.ledger.entries() if entry.text == text]


async def test_a_mailing_keeps_its_limit_whatever_the_number_of_pumps(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(160)

    # When
    mailing = await run_mailing(worker, max_rate=50)

    # Then
    assert await counts(mailing.id) == {"sent": 160}
    assert most_in_any_second(arrivals(provider)) <= most_in_a_second(50)
    assert used_share(arrivals(provider), 50) > 0.9
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()


async def test_another_limit_is_in_force_within_a_second(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(400)
    mailing = await create_mailing(new_mailing(max_rate=20))
    await worker.until(lambda: has_sent(mailing.id, 20))

    # When
    await update_mailing(mailing.id, MailingChanges(max_rate=200))
    changed_at = arrivals(provider)[-1]
    await worker.until(lambda: has_sent(mailing.id, 250))
    await update_mailing(mailing.id, MailingChanges(max_rate=None))
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    within = [moment for moment in arrivals(provider) if changed_at + 1 <= moment <= changed_at + 1.5]
    assert len(within) >= 80
    assert await counts(mailing.id) == {"sent": 400}


async def test_a_lower_limit_is_in_force_within_a_second(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(3_000)
    mailing = await create_mailing(new_mailing(max_rate=1_000))
    await worker.until(lambda: has_sent(mailing.id, 500))

    # When
    await update_mailing(mailing.id, MailingChanges(max_rate=10))
    changed_at = arrivals(provider)[-1]
    await asyncio.sleep(2)

    # Then
    assert most_in_any_second(m for m in arrivals(provider) if m > changed_at + 1) <= most_in_a_second(10)


@pytest.fixture
async def limited_provider(worker: Worker, redis: "Redis") -> AsyncIterator[int]:
    """A limit on everything that goes to the provider."""
    rate = 100
    worker.engine.turnstile.provider = worker.engine.limits.bucket("provider", rate)
    yield rate
    worker.engine.turnstile.provider = None


async def test_all_mailings_together_keep_the_limit_of_the_provider(
    worker: Worker, provider: FakeProvider, clients: Clients, limited_provider: int
) -> None:
    # Given a mailing without a limit, and one that asks for less than the provider allows
    await clients(200)

    # When
    large = await create_mailing(new_mailing(text="large"))
    slow = await create_mailing(new_mailing(text="slow", max_rate=5, operator_codes=("901",)))
    await worker.until(lambda: has_sent(large.id, 150))
    begun = len(arrivals(provider, "slow"))
    await worker.until(lambda: has_status(large.id, "FINISHED"))
    await worker.until(lambda: has_status(slow.id, "FINISHED"))

    # Then neither starves the other
    together = arrivals(provider, "large") + arrivals(provider, "slow")
    assert len(together) == 220
    assert most_in_any_second(together) <= most_in_a_second(limited_provider)
    assert most_in_any_second(arrivals(provider, "slow")) <= 5
    assert begun >= 4


async def test_without_redis_mailings_with_a_limit_wait_and_others_are_sent(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(300)
    away: Redis = Redis.from_url("redis://127.0.0.1:9/0")
    worker.engine.limits = RateLimits(away, worker.engine.turnstile.let_pass)

    # When
    limited = await create_mailing(new_mailing(text="limited", max_rate=1_000))
    await run_mailing(worker)

    # Then
    assert arrivals(provider, "limited") == []
    assert set(await counts(limited.id)) <= {"pending", "sending"}
    worker.engine.limits.close()
    await away.aclose()
