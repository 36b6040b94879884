"""The limit of a mailing that four worker processes send."""

from functools import partial

import pytest

from mailing.delivery.rate_limit_permits import most_in_a_second
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.conftest import has_status, new_mailing
from tests.delivery.stories import Clients
from tests.delivery.windows import attempts, most_in_any_second, used_share
from tests.tasks.conftest import StartWorker, sweep_until

RATE = 300


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("queue")
async def test_four_workers_keep_the_limit_together_and_use_it(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(1_500)
    for _ in range(4):
        await start_worker()

    shares = []
    for attempt in attempts():
        # When
        mailing = await create_mailing(new_mailing(text=f"{attempt}", max_rate=RATE))
        await sweep_until(settings, partial(has_status, mailing.id, "FINISHED"), seconds=60)

        # Then, by the provider's own clock
        moments = [entry.arrived_at for entry in provider.ledger.entries() if entry.text == f"{attempt}"]
        assert len(moments) == 1_500
        assert most_in_any_second(moments) <= most_in_a_second(RATE)
        shares.append(used_share(moments, RATE))
        if shares[-1] >= 0.9:
            break
    assert shares[-1] >= 0.9, shares
