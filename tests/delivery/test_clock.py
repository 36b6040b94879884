"""The database's time between two statements."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from mailing.clock import DatabaseClock

THEN = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def test_time_goes_on_from_when_the_statement_left(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an answer that took two seconds to come
    clock = DatabaseClock()
    clock.set(THEN, asked_at=100.0)

    # When
    monkeypatch.setattr(time, "monotonic", lambda: 102.0)

    # Then it is never behind the database
    assert clock.now() == THEN + timedelta(seconds=2)


def test_each_answer_sets_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    clock = DatabaseClock()
    clock.set(THEN, asked_at=100.0)

    # When the database's clock was put back
    clock.set(THEN - timedelta(hours=1), asked_at=110.0)
    monkeypatch.setattr(time, "monotonic", lambda: 111.0)

    # Then
    assert clock.now() == THEN - timedelta(hours=1) + timedelta(seconds=1)


def test_a_step_of_this_machines_clock_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    clock = DatabaseClock()
    clock.set(THEN, asked_at=time.monotonic())

    # When
    monkeypatch.setattr(time, "time", lambda: 0.0)

    # Then
    assert timedelta() <= clock.now() - THEN < timedelta(seconds=5)
