"""The local-time window: by example, and against another library for all zones and years."""

from datetime import UTC, datetime, time, timedelta, timezone
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailing.delivery.window import LocalTimeWindow, is_open, next_closing, next_opening
from mailing.timezones import ZONE_NAMES
from tests.delivery import oracle

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def window(hours: str) -> LocalTimeWindow:
    """`window("09:00-21:30")`."""
    opens_at, closes_at = map(time.fromisoformat, hours.split("-"))
    return LocalTimeWindow(opens_at, closes_at)


def utc(moment: str) -> datetime:
    """`utc("2026-03-29 01:00")`."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def open_spans(hours: str, zone: str, since: str, until: str) -> list[str]:
    """All that is open in a stretch of time, as "opening/closing" in UTC."""
    spans = []
    at = next_opening(window(hours), zone, utc(since))
    while at is not None and at < utc(until):
        closing = next_closing(window(hours), zone, at)
        assert closing is not None
        spans.append(f"{at:%d %H:%M:%S}/{closing:%d %H:%M:%S}")
        at = next_opening(window(hours), zone, closing)
    return spans


# What a window is.


@pytest.mark.parametrize(
    ("opens_at", "closes_at"),
    [
        (time(9), time(9)),
        (time(0), time(0)),
        (time(9, 0, 1), time(21)),
        (time(9), time(21, 0, 0, 1)),
        (time(9, tzinfo=UTC), time(21)),
    ],
)
def test_a_window_is_two_different_whole_minutes_of_local_time(opens_at: time, closes_at: time) -> None:
    with pytest.raises(ValueError, match="window"):
        LocalTimeWindow(opens_at, closes_at)


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        ("09:00-21:00", ["09:00:00", "20:59:59.999999"], ["08:59:59.999999", "21:00:00", "00:00:00"]),
        ("22:00-06:00", ["22:00:00", "00:00:00", "05:59:59.999999"], ["21:59:59.999999", "06:00:00", "12:00:00"]),
        ("00:00-23:59", ["00:00:00", "23:58:59.999999"], ["23:59:00", "23:59:59.999999"]),
        ("23:59-00:00", ["23:59:00", "23:59:59.999999"], ["00:00:00", "23:58:59.999999"]),
        ("12:01-12:00", ["12:01:00", "11:59:59.999999"], ["12:00:00", "12:00:59.999999"]),
    ],
)
def test_it_opens_inclusive_closes_exclusive_and_may_cross_midnight(
    hours: str, inside: list[str], outside: list[str]
) -> None:
    assert [clock for clock in inside + outside if time.fromisoformat(clock) in window(hours)] == inside


# What holds without one, and without a zone.


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Nowhere/Atall", ""])
def test_without_a_window_it_is_always_open_whatever_the_zone(zone: str) -> None:
    at = utc("2026-06-01 03:00")
    assert (is_open(None, zone, at), next_opening(None, zone, at), next_closing(None, zone, at)) == (True, at, None)


@pytest.mark.parametrize("zone", ["Nowhere/Atall", "", "MSK", "europe/moscow", "UTC+3", "localtime", "../UTC"])
def test_in_an_unknown_zone_a_window_is_never_open(zone: str) -> None:
    all_day_but_a_minute = window("00:00-23:59")
    at = utc("2026-06-01 12:00")
    assert not is_open(all_day_but_a_minute, zone, at)
    assert next_opening(all_day_but_a_minute, zone, at) is None
    assert next_closing(all_day_but_a_minute, zone, at) is None


# By example.


@pytest.mark.parametrize(
    ("hours", "zone", "since", "until", "expected"),
    [
        pytest.param(
            *("09:00-21:00", "Europe/Moscow", "2026-01-10 00:00", "2026-01-12 00:00"),
            ["10 06:00:00/10 18:00:00", "11 06:00:00/11 18:00:00"],
            id="an ordinary day",
        ),
        pytest.param(
            *("22:00-06:00", "Europe/Moscow", "2026-01-10 12:00", "2026-01-12 12:00"),
            ["10 19:00:00/11 03:00:00", "11 19:00:00/12 03:00:00"],
            id="across midnight",
        ),
        pytest.param(
            *("00:00-23:59", "Asia/Kathmandu", "2026-01-10 18:15", "2026-01-12 18:00"),
            ["10 18:15:00/11 18:14:00", "11 18:15:00/12 18:14:00"],
            id="all day but a minute, at three quarters of an hour",
        ),
        pytest.param(
            *("02:10-02:50", "Europe/Berlin", "2026-03-28 00:00", "2026-03-31 00:00"),
            ["28 01:10:00/28 01:50:00", "30 00:10:00/30 00:50:00"],
            id="within the skipped hour: not that day",
        ),
        pytest.param(
            *("02:30-05:00", "Europe/Berlin", "2026-03-29 00:00", "2026-03-30 00:00"),
            ["29 01:00:00/29 03:00:00"],
            id="begins in the skipped hour: opens at the change",
        ),
        pytest.param(
            *("01:00-02:30", "Europe/Berlin", "2026-03-29 00:00", "2026-03-29 22:00"),
            ["29 00:00:00/29 01:00:00"],
            id="ends in the skipped hour: closes at the change",
        ),
        pytest.param(
            *("02:10-02:50", "Europe/Berlin", "2026-10-25 00:00", "2026-10-26 00:00"),
            ["25 00:10:00/25 00:50:00", "25 01:10:00/25 01:50:00"],
            id="within the repeated hour: twice",
        ),
        pytest.param(
            *("01:00-02:30", "Europe/Berlin", "2026-10-24 22:00", "2026-10-25 22:00"),
            ["24 23:00:00/25 00:30:00", "25 01:00:00/25 01:30:00"],
            id="ends in the repeated hour: opens again at the change",
        ),
        pytest.param(
            *("02:00-03:00", "Europe/Berlin", "2026-10-25 00:00", "2026-10-26 00:00"),
            ["25 00:00:00/25 02:00:00"],
            id="the repeated hour itself: once, twice as long",
        ),
        pytest.param(
            *("01:40-01:50", "Australia/Lord_Howe", "2026-04-04 12:00", "2026-04-05 12:00"),
            ["04 14:40:00/04 14:50:00", "04 15:10:00/04 15:20:00"],
            id="clocks put back by half an hour",
        ),
        pytest.param(
            *("02:00-02:10", "Australia/Lord_Howe", "2026-10-02 12:00", "2026-10-04 16:00"),
            ["02 15:30:00/02 15:40:00", "04 15:00:00/04 15:10:00"],
            id="clocks put forward by half an hour",
        ),
        pytest.param(
            *("12:00-13:00", "Pacific/Apia", "2011-12-29 12:00", "2011-12-31 12:00"),
            ["29 22:00:00/29 23:00:00", "30 22:00:00/30 23:00:00"],
            id="a date left out: no wait",
        ),
        pytest.param(
            *("23:00-01:00", "Pacific/Apia", "2011-12-29 12:00", "2011-12-31 08:00"),
            ["30 09:00:00/30 11:00:00"],
            id="across the date left out",
        ),
        pytest.param(
            *("20:00-23:00", "Africa/Casablanca", "2026-02-14 00:00", "2026-02-16 00:00"),
            ["14 19:00:00/14 22:00:00", "15 20:00:00/15 23:00:00"],
            id="winter time for Ramadan",
        ),
        pytest.param(
            *("09:00-10:00", "Africa/Monrovia", "1971-06-01 00:00", "1971-06-02 00:00"),
            ["01 09:44:30/01 10:44:30"],
            id="an offset of minutes and seconds",
        ),
    ],
)
def test_open_spans_of(hours: str, zone: str, since: str, until: str, expected: list[str]) -> None:
    assert open_spans(hours, zone, since, until) == expected


def test_an_open_window_has_its_next_opening_at_once_to_the_microsecond() -> None:
    at = utc("2026-01-10 12:00:00.000001")
    assert next_opening(window("09:00-21:00"), "Europe/Moscow", at) == at


def test_an_opening_at_the_change_of_clocks_is_exact_from_wherever_one_looks() -> None:
    at = utc("2026-03-28 12:34:56.789")
    assert next_opening(window("02:30-05:00"), "Europe/Berlin", at) == utc("2026-03-29 01:00")


def test_any_zone_may_carry_the_instant_and_the_answer_is_utc() -> None:
    # Given
    at = utc("2026-01-10 23:00").astimezone(timezone(timedelta(hours=9)))

    # When
    opening = next_opening(window("09:00-21:00"), "Europe/Moscow", at)

    # Then
    assert opening == utc("2026-01-11 06:00")
    assert opening is not None
    assert opening.tzinfo is UTC


# Against the oracle.

# Half of all hours are small ones, where clocks are changed.
minutes = (st.integers(0, 1439) | st.integers(0, 240)).map(lambda minute: time(minute // 60, minute % 60))
windows = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: LocalTimeWindow(*pair))
zones = st.sampled_from(sorted(ZONE_NAMES))


@st.composite
def places(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and an instant: most from 1970 to 2100, some earlier; half of them within a day of a change of clocks."""
    zone = draw(zones)
    years = st.timedeltas(0 * DAY, 130 * 365 * DAY)
    early = st.timedeltas(-120 * 365 * DAY, 0 * DAY)
    at = utc("1970-01-01") + draw(years | years | years | early)
    change = next(oracle.changes(zone, at, at + 200 * DAY), None)
    if change is None or draw(st.booleans()):
        return zone, at
    return zone, change + draw(st.timedeltas(-DAY, DAY) | st.sampled_from([-SECOND, 0 * SECOND, SECOND]))


@settings(max_examples=200, deadline=None)
@given(place=places(), window=windows)
def test_it_is_open_when_the_oracle_says_so(place: tuple[str, datetime], window: LocalTimeWindow) -> None:
    zone, at = place
    assert is_open(window, zone, at) == oracle.is_open(window, zone, at)


@settings(max_examples=400, deadline=None)
@given(place=places(), window=windows)
def test_it_opens_and_closes_next_when_the_oracle_says_so(place: tuple[str, datetime], window: LocalTimeWindow) -> None:
    zone, at = place
    assert next_opening(window, zone, at) == oracle.next_opening(window, zone, at)
    assert next_closing(window, zone, at) == oracle.next_closing(window, zone, at)


@settings(max_examples=100, deadline=None)
@given(place=places(), window=windows)
def test_it_opens_within_two_days(place: tuple[str, datetime], window: LocalTimeWindow) -> None:
    zone, at = place
    opening = next_opening(window, zone, at)
    assert opening is not None
    assert at <= opening < at + 2 * DAY


def test_around_every_change_of_clocks_of_every_zone_it_agrees_with_the_oracle() -> None:
    # Given
    random = Random(2026)
    disagreements = []
    compared = 0

    # When
    for zone in sorted(ZONE_NAMES):
        changes = list(oracle.changes(zone, utc("1900-01-01 00:00"), utc("2060-01-01 00:00")))
        for change in changes:
            first, second = random.sample(range(240), 2)
            hours = LocalTimeWindow(time(first // 60, first % 60), time(second // 60, second % 60))
            for at in (change - SECOND, change, change + SECOND):
                compared += 1
                if is_open(hours, zone, at) != oracle.is_open(hours, zone, at):
                    disagreements.append((zone, at, hours))
        for change in random.sample(changes, min(2, len(changes))):
            hours = LocalTimeWindow(time(2, random.randrange(60)), time(3, random.randrange(60)))
            at = change - timedelta(minutes=random.randrange(300))
            compared += 1
            if next_opening(hours, zone, at) != oracle.next_opening(hours, zone, at):
                disagreements.append((zone, at, hours))

    # Then
    assert disagreements == []
    assert compared > 100_000


def test_no_zone_changes_its_clocks_twice_within_six_days() -> None:
    # The search for the next opening rests on this: it looks for one change a day.
    nearest = min(
        later - earlier
        for zone in ZONE_NAMES
        for earlier, later in pairwise(oracle.changes(zone, utc("1700-01-01 00:00"), utc("2150-01-01 00:00")))
    )
    assert timedelta(days=6) < nearest < timedelta(days=8)
