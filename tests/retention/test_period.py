"""When the night's work begins, and what is old enough by then."""

from datetime import UTC, datetime, time, timedelta

import pytest

from mailing.retention.period import Retention
from mailing.settings import Settings


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "at", "night"),
    [
        ("2026-11-22 03:29:59", "UTC", "03:30", "2026-11-21 03:30"),
        ("2026-11-22 03:30:00", "UTC", "03:30", "2026-11-22 03:30"),
        ("2026-11-22 23:59:59", "UTC", "03:30", "2026-11-22 03:30"),
        # By the clock of the zone, whose day may be another one.
        ("2026-11-22 00:29:59", "Europe/Moscow", "03:30", "2026-11-21 00:30"),
        ("2026-11-22 00:30:00", "Europe/Moscow", "03:30", "2026-11-22 00:30"),
        ("2026-11-21 17:30:00", "Asia/Vladivostok", "03:30", "2026-11-21 17:30"),
        # Where clocks are put forward over it, it comes after the gap, and where they are put back, the first time.
        ("2026-03-29 01:29:00", "Europe/Berlin", "02:30", "2026-03-28 01:30"),
        ("2026-03-29 01:30:00", "Europe/Berlin", "02:30", "2026-03-29 01:30"),
        ("2026-10-25 00:30:00", "Europe/Berlin", "02:30", "2026-10-25 00:30"),
        ("2026-10-25 01:30:00", "Europe/Berlin", "02:30", "2026-10-25 00:30"),
    ],
)
def test_the_latest_night_is_told_by_the_zones_clock(now: str, zone: str, at: str, night: str) -> None:
    retention = Retention(days=30, at=time.fromisoformat(at), zone=zone)

    assert retention.latest_night(utc(now)) == utc(night)


def test_what_is_old_enough_moves_on_once_a_night() -> None:
    retention = Retention(days=30, at=time(3, 30), zone="UTC")
    seen = {retention.ended_before(utc("2026-11-22 03:30") + timedelta(minutes=n)) for n in range(24 * 60)}

    assert seen == {utc("2026-10-23 03:30")}


def test_it_is_off_where_nothing_is_set() -> None:
    assert Retention.of(Settings()) is None
    assert Retention.of(Settings(retention_days=90, report_timezone="Europe/Moscow")) == Retention(
        90, time(3, 30), "Europe/Moscow"
    )
