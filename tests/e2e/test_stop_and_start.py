"""The whole service is stopped in the middle of a mailing, and started again."""

import time
from collections import Counter

from tests.e2e.crowd import SIZE, Crowd
from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.service import STOP_SECONDS, Service


async def test_a_mailing_goes_on_by_itself_where_the_stop_interrupted_it(
    service: Service, office: Office, outside: Outside, crowd: Crowd
) -> None:
    # Given a mailing under way
    await outside.play(latency_ms=100)
    mailing = await office.create(filter=crowd.audience())
    await office.until_counts(mailing, SENT=500)

    # When everything is stopped, then that is quick, leaves no process, and what was on its way was waited for
    stop_seconds = await service.stop()
    assert stop_seconds < STOP_SECONDS
    taken = len(await outside.taken())
    assert 500 <= taken < SIZE

    # When it is started again, then nobody has to do anything
    start_seconds = await service.start()
    began = time.monotonic()
    assert await office.result(mailing, seconds=60) == Counter(SENT=SIZE)
    print(
        f"stopped in {stop_seconds:.1f} s with {taken} sent, started in {start_seconds:.1f} s,"
        f" complete {time.monotonic() - began:.1f} s later"
    )
    totals = await outside.totals()
    assert (totals["accepted"], totals["unique"], totals["repeated"]) == (SIZE, SIZE, 0)
    assert {one.phone for one in await outside.taken()} == crowd.phones
