"""The limit of a mailing that four worker processes send."""

import json
from datetime import datetime
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
from tests.tasks.conftest import StartWorker, WorkerProcess, sweep_until

RATE = 300


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("queue")
async def test_four_workers_keep_the_limit_together_and_use_it(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(1_500)
    workers = [await start_worker() for _ in range(4)]

    shares = []
    for attempt in attempts():
        # When
        mailing = await create_mailing(new_mailing(text=f"{attempt}", max_rate=RATE))
        await sweep_until(settings, partial(has_status, mailing.id, "FINISHED"), seconds=60)

        # Then, by the machine's clock that all of them share
        moments = _requested(workers, mailing.id)
        assert len(moments) == len([one for one in provider.ledger.entries() if one.text == f"{attempt}"]) == 1_500
        assert most_in_any_second(moments) <= most_in_a_second(RATE)
        shares.append(used_share(moments, RATE))
        if shares[-1] >= 0.9:
            break
    assert shares[-1] >= 0.9, shares


def _requested(workers: list[WorkerProcess], mailing_id: int) -> list[float]:
    """When its requests left, by the workers' own logs: here they arrive together whenever this process stood still."""
    lines = [json.loads(line) for worker in workers for line in worker.logged().splitlines()]
    return [
        datetime.fromisoformat(line["timestamp"]).timestamp()
        for line in lines
        if line["event"] == "message.requested" and line["mailing_id"] == f"mailing_{mailing_id}"
    ]
