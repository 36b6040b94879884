"""Which mailings will miss their end."""

from datetime import UTC, datetime, time, timedelta

import pytest

from mailing.delivery.window import LocalTimeWindow
from mailing.models.mailing import MailingStatus
from mailing.reports.figures import Risk
from mailing.reports.risk import Candidate, Conditions, judge

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)  # 08:00 in Moscow, 15:00 in Vladivostok
MOSCOW, VLADIVOSTOK = "Europe/Moscow", "Asia/Vladivostok"
DAYTIME = LocalTimeWindow(time(9), time(18))


def candidate(**changes: object) -> Candidate:
    """Ten hours left, 3,600 messages to send, busy at one a second."""
    usual: dict[str, object] = {
        "id": 7,
        "text": "Hello",
        "status": MailingStatus.RUNNING,
        "started_at": NOW - timedelta(hours=2),
        "ends_at": NOW + timedelta(hours=10),
        "window": None,
        "max_rate": None,
        "left": {MOSCOW: 3_600},
        "rate": 1.0,
        "is_busy": True,
    }
    return Candidate(**(usual | changes))  # type: ignore[arg-type]  # the tests' own values


FAST = Conditions(NOW, best_rate=1_000.0, is_held=False)
IDLE = Conditions(NOW, best_rate=0.0, is_held=False)
HELD = Conditions(NOW, best_rate=1_000.0, is_held=True)
SOON = NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("changes", "conditions", "told"),
    [
        # In time
        ({}, FAST, None),
        ({"left": {}}, HELD, None),
        ({"left": {}, "status": MailingStatus.PAUSED}, FAST, None),
        # Not unless something changes
        ({"status": MailingStatus.PAUSED}, HELD, (Risk.PAUSED, 3_600, None)),
        ({}, HELD, (Risk.HELD, 3_600, None)),
        ({"rate": 0.0}, FAST, (Risk.STALLED, 3_600, None)),
        ({"rate": 0.0, "started_at": NOW - timedelta(minutes=14)}, FAST, None),
        # Too slow: half an hour at one a second
        ({"ends_at": SOON}, FAST, (Risk.TOO_SLOW, 1_800, 1.0)),
        ({"ends_at": SOON, "rate": 2.0}, FAST, None),
        ({"ends_at": SOON, "rate": 1.999}, FAST, (Risk.TOO_SLOW, 2, 1.999)),
        # One that has only begun has shown nothing yet, and is no faster than it may be
        ({"ends_at": SOON, "started_at": NOW - timedelta(seconds=119)}, FAST, None),
        ({"ends_at": SOON, "started_at": NOW - timedelta(seconds=120)}, FAST, (Risk.TOO_SLOW, 1_800, 1.0)),
        ({"ends_at": SOON, "started_at": NOW, "max_rate": 1}, FAST, (Risk.TOO_SLOW, 1_800, 1.0)),
        # One that has nothing due may become as fast as all together have been, but not faster than it may
        ({"ends_at": SOON, "rate": 0.1, "is_busy": False}, FAST, None),
        ({"ends_at": SOON, "rate": 0.0, "is_busy": False}, IDLE, None),
        ({"ends_at": SOON, "is_busy": False, "max_rate": 1}, FAST, (Risk.TOO_SLOW, 1_800, 1.0)),
        ({"ends_at": SOON, "rate": 0.0, "is_busy": False, "max_rate": 1}, IDLE, (Risk.TOO_SLOW, 1_800, 1.0)),
        # The window: in Moscow it is open from 09:00 on, in Vladivostok until 18:00
        ({"window": DAYTIME, "ends_at": SOON}, FAST, (Risk.CLOSED, 3_600, None)),
        ({"window": DAYTIME, "ends_at": SOON, "left": {MOSCOW: 5, VLADIVOSTOK: 100}}, FAST, (Risk.CLOSED, 5, None)),
        ({"window": DAYTIME, "left": {VLADIVOSTOK: 3 * 3_600}}, FAST, None),
        ({"window": DAYTIME, "left": {VLADIVOSTOK: 3 * 3_600 + 7}}, FAST, (Risk.TOO_SLOW, 7, 1.0)),
        ({"window": DAYTIME, "left": {"Mars/Olympus": 3, MOSCOW: 9}}, FAST, (Risk.CLOSED, 3, None)),
    ],
)
def test_what_will_miss_its_end_is_told_with_how_much_at_least(
    changes: dict[str, object], conditions: Conditions, told: tuple[Risk, int, float | None] | None
) -> None:
    at_risk = judge(candidate(**changes), conditions)

    assert (at_risk and (at_risk.risk, at_risk.will_miss, at_risk.rate)) == told


def test_zones_that_show_the_same_time_now_are_told_apart_where_the_clocks_of_one_change() -> None:
    # Given the evening before the clocks of Berlin are put forward and those of Lagos are not
    now = datetime(2026, 3, 28, 20, tzinfo=UTC)
    ends_at = datetime(2026, 3, 29, 7, 30, tzinfo=UTC)  # 09:30 there, and half an hour before the window here
    left = {"Europe/Berlin": 10, "Africa/Lagos": 7, "Europe/Paris": 10}

    # When
    at_risk = judge(
        candidate(left=left, window=DAYTIME, ends_at=ends_at, is_busy=False), Conditions(now, 1_000.0, is_held=False)
    )

    # Then
    assert at_risk is not None
    assert (at_risk.risk, at_risk.will_miss) == (Risk.CLOSED, 7)


def test_zones_whose_clocks_agree_now_and_at_the_end_are_told_apart_where_they_change_between() -> None:
    # Given weeks in which the clocks of Athens go forward at the beginning, and those of Cairo at the end: the hour
    # after midnight comes 27 times there and 26 times here
    now, ends_at = datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 4, 24, 12, tzinfo=UTC)
    left = {"Europe/Athens": 27 * 3_600, "Africa/Cairo": 27 * 3_600}
    after_midnight = LocalTimeWindow(time(0), time(1))

    # When
    at_risk = judge(
        candidate(left=left, window=after_midnight, started_at=now - timedelta(hours=2), ends_at=ends_at),
        Conditions(now, 0.0, is_held=False),
    )

    # Then
    assert at_risk is not None
    assert (at_risk.risk, at_risk.will_miss) == (Risk.TOO_SLOW, 3_600)
