"""A worker may be killed in the middle of five thousand messages, and every one is sent exactly once."""

import time
from collections import Counter

import psutil

from tests.e2e.crowd import SIZE, Crowd
from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.service import Service
from tests.e2e.watchfulness import answering_within
from tests.gql_api.api import Api


async def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    service: Service, office: Office, outside: Outside, api: Api, crowd: Crowd
) -> None:
    # Given five thousand messages on their way to an outside service that takes its time and drops repeats
    await outside.play(latency_ms=20)
    async with answering_within(api, 2):
        mailing = await office.create(filter=crowd.audience())
        await office.until_counts(mailing, SENT=500)

        # When a worker is killed with messages in its hands
        worker = _busiest_worker(service, outside)
        await service.kill(worker)
        killed_at = time.monotonic()
        assert (await office.counts(mailing))["SENT"] < SIZE

        # Then each message ends up sent
        assert await office.result(mailing, seconds=60) == Counter(SENT=SIZE)
        print(f"complete {time.monotonic() - killed_at:.1f} s after the kill")
        await service.until_whole()

    # And exactly once, also by the outside service's own account
    taken = await outside.taken()
    assert len(taken) == SIZE
    assert {one.phone for one in taken} == crowd.phones
    totals = await outside.totals()
    assert (totals["accepted"], totals["unique"], totals["dropped"]) == (SIZE, SIZE, totals["repeated"])
    # And what the worker had held is on record
    outcomes = Counter(
        tuple(attempt["outcome"] for attempt in message["attempts"])
        for message in await office.messages(mailing, "attempts { outcome }")
    )
    print(f"{dict(outcomes)}, {totals['repeated']} repeats")
    assert set(outcomes) == {("ACCEPTED",), ("LOST", "ACCEPTED")}
    assert totals["repeated"] <= outcomes["LOST", "ACCEPTED"]


def _busiest_worker(service: Service, outside: Outside) -> psutil.Process:
    """The one with the most connections to the outside service."""
    admin_port = int(outside.admin_url.rpartition(":")[2])

    def connections(worker: psutil.Process) -> int:
        found = worker.net_connections("tcp")
        return len([one for one in found if one.raddr and one.raddr.port != admin_port])

    return max(service.parts("worker"), key=connections)
