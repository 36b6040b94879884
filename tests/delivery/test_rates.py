"""Rate limits in sending: as the provider sees them."""

import time
from collections.abc import AsyncIterator
from functools import partial

import pytest
from redis.asyncio import Redis

from mailing.delivery.rate_limit import RateLimits
from mailing.delivery.rate_limit_permits import most_in_a_second
from mailing.mailings.service import create_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.provider.fake import FakeProvider
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import Worker, counts, has_status, new_mailing, run_mailing
from tests.delivery.departures import Departures, Permitted, departures, permitted
from tests.delivery.stories import Clients, has_sent
from tests.delivery.windows import attempts, most_in_any_second, used_share
from tests.waiting import until

__all__ = ["departures", "permitted"]  # fixtures


@pytest.mark.timeout(240)
async def test_a_mailing_keeps_its_limit_whatever_the_number_of_pumps(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures, permitted: Permitted
) -> None:
    # Given
    await clients(160)

    shares = []
    for attempt in attempts():
        # When
        mailing = await run_mailing(worker, text=f"{attempt}", max_rate=50)

        # Then
        assert await counts(mailing.id) == {"sent": 160}
        limit = permitted[f"mailing:{mailing.id}"]
        assert len(limit) >= len(departures.moments(f"{attempt}")) == 160
        assert most_in_any_second(limit) <= most_in_a_second(50)
        shares.append(used_share(departures.moments(f"{attempt}"), 50))
        if shares[-1] > 0.9:
            break
    assert shares[-1] > 0.9, shares
    assert len(departures.all) == provider.ledger.accepted == provider.ledger.unique == 160 * len(shares)
    await assert_accounts_are_exact()


@pytest.mark.timeout(240)
async def test_another_limit_is_in_force_within_a_second(
    worker: Worker, clients: Clients, departures: Departures
) -> None:
    # Given
    await clients(400)

    within: list[int] = []
    for attempt in attempts():
        mailing = await create_mailing(new_mailing(text=f"{attempt}", max_rate=20))
        await worker.until(partial(has_sent, mailing.id, 20))

        # When
        await update_mailing(mailing.id, MailingChanges(max_rate=200))
        changed_at = time.monotonic()
        await worker.until(partial(has_sent, mailing.id, 250))
        await update_mailing(mailing.id, MailingChanges(max_rate=None))
        await worker.until(partial(has_status, mailing.id, "FINISHED"))

        # Then
        assert await counts(mailing.id) == {"sent": 400}
        moments = departures.moments(f"{attempt}")
        within.append(len([moment for moment in moments if changed_at + 1 <= moment <= changed_at + 1.5]))
        if within[-1] >= 80:
            break
    assert within[-1] >= 80, within


async def test_a_lower_limit_is_in_force_within_a_second(
    worker: Worker, clients: Clients, departures: Departures, permitted: Permitted
) -> None:
    # Given
    await clients(3_000)
    mailing = await create_mailing(new_mailing(max_rate=1_000))
    await worker.until(lambda: has_sent(mailing.id, 500))

    # When
    await update_mailing(mailing.id, MailingChanges(max_rate=10))
    changed_at = time.monotonic()
    await until(lambda: len(departures.knowing(changed_at)) > 10)

    # Then it is for all that may leave once their pumps have looked
    known_at = departures.knowing(changed_at)[0].at
    assert most_in_any_second(at for at in permitted[f"mailing:{mailing.id}"] if at >= known_at) <= most_in_a_second(10)


@pytest.fixture
async def limited_provider(worker: Worker, redis: "Redis") -> AsyncIterator[int]:
    """A limit on everything that goes to the provider."""
    rate = 100
    worker.engine.turnstile.provider = worker.engine.limits.bucket("provider", rate)
    yield rate
    worker.engine.turnstile.provider = None


@pytest.mark.timeout(240)
async def test_all_mailings_together_keep_the_limit_of_the_provider(
    worker: Worker, clients: Clients, departures: Departures, permitted: Permitted, limited_provider: int
) -> None:
    # Given a mailing without a limit, and one that asks for less than the provider allows
    await clients(200)

    begun: list[int] = []
    for attempt in attempts():
        # When
        large = await create_mailing(new_mailing(text="large"))
        slow = await create_mailing(new_mailing(text=f"slow {attempt}", max_rate=5, operator_codes=("901",)))
        await worker.until(partial(has_sent, large.id, 150))
        begun.append(len(departures.moments(f"slow {attempt}")))
        await worker.until(partial(has_status, large.id, "FINISHED"))
        await worker.until(partial(has_status, slow.id, "FINISHED"))

        # Then the limits hold
        assert most_in_any_second(permitted["provider"]) <= most_in_a_second(limited_provider)
        assert most_in_any_second(permitted[f"mailing:{slow.id}"]) <= 5
        assert len(permitted["provider"]) >= len(departures.all) == 220 * len(begun)
        if begun[-1] >= 4:
            break

    # And neither starves the other
    assert begun[-1] >= 4, begun


async def test_without_redis_mailings_with_a_limit_wait_and_others_are_sent(
    worker: Worker, clients: Clients, departures: Departures
) -> None:
    # Given
    await clients(300)
    away: Redis = Redis.from_url("redis://127.0.0.1:9/0")
    worker.engine.limits = RateLimits(away, worker.engine.turnstile.let_pass)

    # When
    limited = await create_mailing(new_mailing(text="limited", max_rate=1_000))
    await run_mailing(worker)

    # Then
    assert departures.moments("limited") == []
    assert set(await counts(limited.id)) <= {"pending", "sending"}
    worker.engine.limits.close()
    await away.aclose()
