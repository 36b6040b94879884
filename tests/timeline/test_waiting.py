"""When a message waited for its client's window, as it is told afterwards."""

from datetime import UTC, datetime, time
from typing import Any

from mailing.delivery.window import LocalTimeWindow
from mailing.messages.records import Attempt
from mailing.timeline.entries import EntryKind, Place, Source, TimelineEntry
from mailing.timeline.waiting import Closing, Life, closings

NINE_TO_SIX = LocalTimeWindow(time(9), time(18))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In March 2030, UTC, which is the client's zone unless said otherwise."""
    return datetime(2030, 3, day, hour, minute, tzinfo=UTC)


def life(created_at: datetime, ended_at: datetime | None = None, **known: Any) -> Life:
    values: dict[str, Any] = {"now": at(31, 0), "window": NINE_TO_SIX, "timezone": "UTC", "attempts": (), "events": ()}
    return Life(created_at, ended_at, **(values | known))


def event(moment: datetime, kind: EntryKind, **changes: tuple[Any, Any]) -> TimelineEntry:
    client_id = 1 if kind.name.startswith("CLIENT_") else None
    return TimelineEntry(Place(moment, Source.EVENT, moment.day), kind, client_id=client_id, changes=changes)


def attempt(started_at: datetime, next_try_at: datetime | None = None) -> Attempt:
    return Attempt(1, started_at, 15, "DEFERRED", 503, None, None, 1, True, next_try_at)


def test_a_message_that_is_sent_inside_the_window_never_waited_for_it() -> None:
    assert closings(life(at(1, 12), at(1, 12, 1))) == []


def test_without_a_window_there_is_nothing_to_wait_for() -> None:
    assert closings(life(at(1, 3), at(9, 3), window=None)) == []


def test_one_that_comes_at_night_waits_for_the_morning() -> None:
    assert closings(life(at(1, 22), at(2, 9))) == [Closing(at(1, 22), at(2, 9), "UTC")]


def test_every_night_of_a_long_wait_is_told() -> None:
    assert closings(life(at(1, 12), at(3, 10))) == [
        Closing(at(1, 18), at(2, 9), "UTC"),
        Closing(at(2, 18), at(3, 9), "UTC"),
    ]


def test_one_that_still_waits_is_told_of_until_now() -> None:
    assert closings(life(at(1, 20), now=at(1, 21))) == [Closing(at(1, 20), at(2, 9), "UTC")]


def test_only_when_the_wait_of_a_retry_is_over_it_meets_the_window() -> None:
    tried = attempt(at(1, 17, 59), next_try_at=at(1, 19))

    assert closings(life(at(1, 17, 58), at(2, 9), attempts=[tried])) == [Closing(at(1, 19), at(2, 9), "UTC")]


def test_a_try_that_was_not_put_off_waits_from_its_answer_on() -> None:
    assert closings(life(at(1, 17), at(2, 9), attempts=[attempt(at(1, 17, 59))])) == [
        Closing(at(1, 18), at(2, 9), "UTC")
    ]


def test_the_window_of_that_time_counts_not_the_one_of_today() -> None:
    edited = event(
        at(2, 7),
        EntryKind.MAILING_EDITED,
        window_opens_at=("08:00:00", "09:00:00"),
        window_closes_at=("20:00:00", "18:00:00"),
    )

    assert closings(life(at(1, 19), at(2, 9), events=[edited])) == [
        Closing(at(1, 20), at(2, 8), "UTC"),
        Closing(at(2, 7), at(2, 9), "UTC"),
    ]


def test_the_zone_of_that_time_counts_and_one_of_after_the_end_does_not() -> None:
    moved = event(at(1, 20), EntryKind.CLIENT_EDITED, timezone=("Asia/Tokyo", "UTC"))
    later = event(at(5, 20), EntryKind.CLIENT_EDITED, timezone=("UTC", "Asia/Omsk"))

    assert closings(life(at(1, 19), at(2, 9), events=[moved, later])) == [
        Closing(at(1, 19), at(2, 0), "Asia/Tokyo"),
        Closing(at(1, 20), at(2, 9), "UTC"),
    ]


def test_while_the_mailing_is_paused_it_waits_for_nobody_s_window() -> None:
    pauses = [event(at(1, 12), EntryKind.MAILING_PAUSED), event(at(3, 20), EntryKind.MAILING_RESUMED)]

    assert closings(life(at(1, 11), at(4, 9), events=pauses)) == [Closing(at(3, 20), at(4, 9), "UTC")]


def test_an_event_in_the_middle_of_the_night_does_not_begin_another_one() -> None:
    held = event(at(1, 23), EntryKind.CHANNEL_HELD)

    assert closings(life(at(1, 22), at(2, 9), events=[held])) == [Closing(at(1, 22), at(2, 9), "UTC")]


def test_a_zone_that_nobody_knows_never_opens() -> None:
    assert closings(life(at(1, 12), at(9, 12), timezone="Mars/Base")) == [Closing(at(1, 12), None, "Mars/Base")]


def test_of_a_very_long_wait_the_first_night_and_those_of_the_last_month_are_told() -> None:
    found = closings(life(datetime(2029, 1, 1, 20, tzinfo=UTC), at(31, 10)))

    assert found[0] == Closing(datetime(2029, 1, 1, 20, tzinfo=UTC), datetime(2029, 1, 2, 9, tzinfo=UTC), "UTC")
    assert len(found) == 32
    assert (found[1].at, found[-1]) == (datetime(2030, 2, 28, 18, tzinfo=UTC), Closing(at(30, 18), at(31, 9), "UTC"))


def test_nights_of_a_long_wait_begin_at_the_same_moment_whenever_they_are_told_of() -> None:
    evening, night = (closings(life(at(1, 12), now=datetime(2030, 4, 20, hour, tzinfo=UTC))) for hour in (19, 23))

    assert set(night) <= set(evening)


def test_a_deletion_ends_the_wait_also_of_one_that_a_worker_has_in_its_hands() -> None:
    deleted = event(at(1, 17), EntryKind.CLIENT_DELETED, timezone=("UTC", None))

    assert closings(life(at(1, 12), at(1, 19), attempts=[attempt(at(1, 16, 59))], events=[deleted])) == []
    assert closings(life(at(1, 7), at(1, 19), events=[deleted])) == [Closing(at(1, 7), at(1, 9), "UTC")]
