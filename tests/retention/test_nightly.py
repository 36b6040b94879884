"""Rounds of the night's work."""

import itertools
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from mailing.db.orm import fetch
from mailing.metrics import retention as metrics
from mailing.retention import nightly, queries, remover
from mailing.retention.nightly import remove_due
from mailing.settings import Settings
from tests.conftest import Sql
from tests.messages.stored import store_mailing, store_message
from tests.retention.mailings import Left, left_of, store_old_mailing

GONE = Left(messages=0, attempts=0, is_marked=True, is_emptied=True)


@pytest.fixture
def kept(migrated: Settings) -> Settings:
    """Messages are kept for thirty days."""
    return migrated.model_copy(update={"retention_days": 30})


async def test_a_round_removes_what_is_due_and_says_so(kept: Settings, sql: Sql) -> None:
    # Given
    old = await store_old_mailing(sql, days_ago=32, messages=8)
    young = await store_old_mailing(sql, days_ago=29)
    counted = metrics.MESSAGES._value.get(), metrics.ATTEMPTS._value.get()

    # When
    with capture_logs() as lines:
        await remove_due(kept)

    # Then
    assert await left_of(sql, old) == GONE
    assert (await left_of(sql, young)).messages == 5
    told = [{k: v for k, v in line.items() if k != "timestamp"} for line in lines]
    assert told == [
        {"event": "mailing.messages_removed", "log_level": "info", "mailing_id": old, "messages": 8, "kept_days": 30},
        {
            "event": "retention.round_done",
            "log_level": "info",
            "messages": 8,
            "attempts": 10,
            "mailings": 1,
            "more_to_come": False,
        },
    ]
    assert (metrics.MESSAGES._value.get() - counted[0], metrics.ATTEMPTS._value.get() - counted[1]) == (8, 10)
    assert metrics.LAST_DONE._value.get() > 0


async def test_where_nothing_is_left_nothing_is_said(kept: Settings, database: None) -> None:
    with capture_logs() as lines:
        await remove_due(kept)

    assert lines == []


async def test_where_it_is_not_set_everything_is_kept(migrated: Settings, sql: Sql) -> None:
    mailing_id = await store_old_mailing(sql, days_ago=10_000)

    await remove_due(migrated)

    assert await left_of(sql, mailing_id) == Left(5, 6, is_marked=False, is_emptied=False)


async def test_what_was_begun_is_finished_also_where_it_is_not_set_any_more(migrated: Settings, sql: Sql) -> None:
    mailing_id = await store_old_mailing(sql, days_ago=40)
    await sql("UPDATE mailing SET messages_removed_at = now()")

    await remove_due(migrated)

    assert await left_of(sql, mailing_id) == GONE


async def test_a_round_is_over_when_its_time_is_and_the_next_goes_on(
    kept: Settings, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a round that has time for one step
    mailing_id = await store_old_mailing(sql, days_ago=40)
    monkeypatch.setattr(nightly, "ROUND_SECONDS", 1e-9)
    monkeypatch.setattr(nightly, "rest_after", lambda seconds, is_sending: 0)
    clock = itertools.count()
    monkeypatch.setattr(nightly, "time", SimpleNamespace(monotonic=lambda: next(clock) * 6e-10))

    # When, Then
    await remove_due(kept)
    assert await left_of(sql, mailing_id) == Left(5, 6, is_marked=True, is_emptied=False)
    monkeypatch.undo()
    await remove_due(kept)
    assert await left_of(sql, mailing_id) == GONE


@pytest.mark.parametrize("is_sending", [False, True])
async def test_it_rests_after_each_step_and_longer_while_messages_are_due(
    kept: Settings, sql: Sql, monkeypatch: pytest.MonkeyPatch, is_sending: bool
) -> None:
    # Given
    monkeypatch.setattr(remover, "MESSAGES_A_STEP", 3)
    await store_old_mailing(sql, days_ago=40)
    if is_sending:
        await store_message(sql, await store_mailing(sql), 1)
    rests: list[bool] = []

    def noted(seconds: float, *, is_sending: bool) -> float:
        rests.append(is_sending)
        return 0

    monkeypatch.setattr(nightly, "rest_after", noted)

    # When
    await remove_due(kept)

    # Then: after the mark, the look for what is half done, two pieces, and the end of it
    assert rests == [is_sending] * 5


async def test_a_failure_is_told_and_the_next_round_goes_on(
    kept: Settings, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing_id = await store_old_mailing(sql, days_ago=40)

    async def fail(*_: object) -> None:
        await fetch("SELECT 1 / 0")

    monkeypatch.setattr(queries, "remove_piece", fail)
    with capture_logs() as lines:
        await remove_due(kept)
    monkeypatch.undo()
    assert [line["step"] for line in lines if line["log_level"] != "info"] == ["retention"]

    await remove_due(kept)

    assert await left_of(sql, mailing_id) == GONE
