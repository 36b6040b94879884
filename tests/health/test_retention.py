"""What waits to be removed shows, and whether it waits for too long."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing.health import queries
from mailing.health.finding import Finding, Level
from mailing.health.retention import look_at_retention
from mailing.retention.period import Retention
from tests.conftest import Sql
from tests.retention.mailings import store_old_mailing

NOW = datetime.now(UTC)
A_MINUTE_AGO = (NOW - timedelta(minutes=1)).time().replace(second=0, microsecond=0)
KEPT = Retention(30, A_MINUTE_AGO, "UTC")


async def test_where_everything_is_kept_it_says_so(database: None) -> None:
    assert await look_at_retention(None, NOW) == [
        Finding("retention", Level.OK, "Messages are kept for ever: MAILING_RETENTION_DAYS is not set.")
    ]


async def test_what_is_young_is_no_work(sql: Sql) -> None:
    await store_old_mailing(sql, days_ago=29)

    (found,) = await look_at_retention(KEPT, NOW)

    assert (found.level, found.what) == (
        Level.OK,
        "Messages are kept for 30 days after their mailing's end. None that is older waits to be removed.",
    )


async def test_the_last_nights_work_has_its_time(sql: Sql) -> None:
    await store_old_mailing(sql, days_ago=30.5, messages=7)

    (found,) = await look_at_retention(KEPT, NOW)

    assert (found.level, found.what) == (
        Level.OK,
        "Messages are kept for 30 days after their mailing's end. To be removed are those of 1 mailing, 7 messages.",
    )


async def test_what_the_night_before_has_left_is_told(sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    await store_old_mailing(sql, days_ago=30.5)
    await store_old_mailing(sql, days_ago=31.5)

    (found,) = await look_at_retention(KEPT, NOW)

    assert (found.level, found.what) == (
        Level.WARNING,
        "Messages are kept for 30 days after their mailing's end. To be removed are those of 2 mailings, 10 messages. "
        "Some of them have waited for more than a day.",
    )
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    (found,) = await look_at_retention(KEPT, NOW)
    assert "those of 2 mailings or more, 10 messages" in found.what
