"""A mailing in the midst of being sent: pause, resume, cancel, another text, and its end."""

from collections import Counter
from datetime import datetime

from tests.e2e.crowd import Crowd
from tests.e2e.office import Office, moment
from tests.e2e.outside import Outside

SIZE = 2_500


async def test_a_paused_mailing_sends_nothing_until_it_is_resumed(
    office: Office, outside: Outside, crowd: Crowd
) -> None:
    # Given
    mailing = await _under_way(office, outside, crowd)

    # When
    assert (await office.change("pauseMailing", id=mailing))["status"] == "PAUSED"

    # Then what was on its way is finished, and nothing more leaves
    await outside.falls_silent(within=0.8)
    counts = await office.counts(mailing)
    assert counts == Counter(SENT=counts["SENT"], PENDING=SIZE - counts["SENT"])
    assert counts["SENT"] == len(await outside.taken())
    assert 0 < counts["PENDING"] < SIZE
    again = await office.mutate("pauseMailing", id=mailing)
    assert (again["__typename"], again["mailing"]) == ("MailingNotRunning", {"id": mailing, "status": "PAUSED"})

    # When it is resumed, then it goes on to its end
    await outside.play()
    assert (await office.change("resumeMailing", id=mailing))["status"] == "RUNNING"
    assert await office.result(mailing) == Counter(SENT=SIZE)
    assert Counter(one.phone for one in await outside.taken()).most_common(1)[0][1] == 1


async def test_a_cancelled_mailing_stops_for_good(office: Office, outside: Outside, crowd: Crowd) -> None:
    # Given
    mailing = await _under_way(office, outside, crowd)

    # When
    assert (await office.change("cancelMailing", id=mailing))["status"] == "CANCELLED"

    # Then
    await outside.falls_silent(within=0.8)
    counts = await office.counts(mailing)
    assert counts == Counter(SENT=len(await outside.taken()), CANCELLED=counts["CANCELLED"])
    assert counts.total() == SIZE
    assert 0 < counts["CANCELLED"] < SIZE
    statuses = Counter(message["status"] for message in await office.messages(mailing, "status"))
    assert statuses == counts
    assert (await office.mutate("resumeMailing", id=mailing))["__typename"] == "MailingNotPaused"


async def test_a_text_changed_while_it_is_sent_is_the_text_of_all_that_follows(
    office: Office, outside: Outside, crowd: Crowd
) -> None:
    # Given
    mailing = await _under_way(office, outside, crowd)

    # When
    await office.change("updateMailing", id=mailing, text=f"{office.name}, corrected")
    await outside.play()

    # Then both texts were sent, first the old one and then the new one, and to nobody both
    assert await office.result(mailing) == Counter(SENT=SIZE)
    old = await outside.taken(office.name)
    new = await outside.taken(f"{office.name}, corrected")
    assert len(old) + len(new) == len({one.phone for one in old + new}) == SIZE
    assert len(new) > 0
    assert max(one.arrived_at for one in old) - min(one.arrived_at for one in new) < 1


async def test_nothing_is_sent_after_the_end(office: Office, outside: Outside, crowd: Crowd) -> None:
    # Given an outside service that is too slow for the mailing's time
    await outside.play(latency_ms=1_000)

    # When
    ends_at = moment(3)
    mailing = await office.create(filter=crowd.audience(2_000), endsAt=ends_at)

    # Then what was sent in time is sent, the rest expires
    counts = await office.result(mailing)
    taken = await outside.taken()
    assert counts == Counter(SENT=len(taken), EXPIRED=2_000 - len(taken))
    assert 0 < counts["EXPIRED"] < 2_000
    began = [
        datetime.fromisoformat(attempt["startedAt"])
        for message in await office.messages(mailing, "attempts { startedAt }")
        for attempt in message["attempts"]
    ]
    assert max(began) < datetime.fromisoformat(ends_at)


async def _under_way(office: Office, outside: Outside, crowd: Crowd) -> str:
    """A mailing of which some is sent and some is not, to an outside service that takes its time."""
    await outside.play(latency_ms=250)
    mailing = await office.create(filter=crowd.audience(SIZE))
    await office.until_counts(mailing, SENT=1)
    return mailing
