"""A restored database is made safe: what was used is not used again, and what may have been sent is not forgotten."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from mailing.mailings.service import cancel_mailing, create_mailing, pause_mailing, resume_mailing
from mailing.restoring.records import NextId, Secured
from mailing.restoring.service import look, secure
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import Worker, counts, new_mailing

SLOTS = 2
HOUR = timedelta(hours=1)


@pytest.fixture
async def backup(sql: Sql, clients: Callable[[int], Awaitable[None]], sent_jobs: object) -> dict[str, int]:
    """A database in the middle of everything, and by its name the id of each mailing."""
    await clients(30)
    now = datetime.now(UTC)
    ids = {
        "running": (await create_mailing(new_mailing())).id,
        "paused": (await create_mailing(new_mailing())).id,
        "done": (await create_mailing(new_mailing())).id,
        "overdue": (await create_mailing(new_mailing(starts_at=now - HOUR))).id,
        "later": (await create_mailing(new_mailing(starts_at=now + HOUR, ends_at=now + 2 * HOUR))).id,
    }
    await sql("UPDATE mailing SET status = 'RUNNING', started_at = now(), selected_at = now() WHERE id <= 3")
    await sql("""
        INSERT INTO message (mailing_id, client_id, phone, operator_code, tag, timezone)
        SELECT m.id, c.id, phone, operator_code, tag, timezone FROM client c, mailing m WHERE m.id <= 3
    """)
    await pause_mailing(ids["paused"])
    await cancel_mailing(ids["done"])
    await sql("""
        UPDATE message SET status = 'SENT', sent_at = now(), ended_at = now() WHERE mailing_id = 1 AND client_id <= 10
    """)
    await sql("""
        INSERT INTO session (id, issuer, subject, name, role, id_token, expires_at)
        VALUES ('a', 'i', 's', 'n', 'ADMIN', '', now() + interval '1 hour')
    """)
    return ids


async def test_what_is_to_be_done_is_told_and_nothing_is_changed(backup: dict[str, int], sql: Sql) -> None:
    # When
    found = await look()

    # Then
    assert (found.running, found.overdue, found.unselected, found.later) == (1, 1, 0, 1)
    assert (found.waiting, found.sessions, found.tokens) == (20 + 30, 1, 0)
    assert found.next_ids == (
        NextId("client", 30, 2_000_000_000),
        NextId("mailing", 5, 2_000_000_000),
        NextId("message", 90, 2_000_000_000),
    )
    assert await sql("SELECT status, count(*) AS n FROM mailing GROUP BY 1 ORDER BY 1") == [
        {"status": "CANCELLED", "n": 1},
        {"status": "PAUSED", "n": 1},
        {"status": "RUNNING", "n": 1},
        {"status": "SCHEDULED", "n": 2},
    ]


async def test_all_that_would_send_is_paused_and_what_waits_is_doubted(backup: dict[str, int], sql: Sql) -> None:
    # When
    told: list[int] = []
    done = await secure(SLOTS, doubted=told.append)

    # Then
    assert done == Secured(paused=2, uncertain=80, signed_out=1, next_ids=done.next_ids)
    assert told == [20, 30, 30]
    rows = await sql("SELECT id, status FROM mailing ORDER BY id")
    assert {name: row["status"] for name, row in zip(backup, rows, strict=True)} == {
        "running": "PAUSED",
        "paused": "PAUSED",
        "done": "CANCELLED",
        "overdue": "PAUSED",
        "later": "SCHEDULED",
    }
    assert await sql(
        "SELECT mailing_id, status, uncertain, reason, count(*) AS n FROM message GROUP BY 1, 2, 3, 4 ORDER BY 1, 2"
    ) == [
        {"mailing_id": 1, "status": "PENDING", "uncertain": True, "reason": "database restored", "n": 20},
        {"mailing_id": 1, "status": "SENT", "uncertain": False, "reason": None, "n": 10},
        {"mailing_id": 2, "status": "PENDING", "uncertain": True, "reason": "database restored", "n": 30},
        {"mailing_id": 3, "status": "PENDING", "uncertain": False, "reason": None, "n": 30},
        {"mailing_id": 4, "status": "PENDING", "uncertain": True, "reason": "database restored", "n": 30},
    ]
    assert await sql("SELECT * FROM session") == []
    await assert_accounts_are_exact()


async def test_new_rows_get_ids_that_nobody_has_seen_also_after_another_restore(
    backup: dict[str, int], sql: Sql
) -> None:
    # Given
    (before,) = await sql("SELECT nextval('delivery_token') AS token")

    # When it is run twice, as after one that was cut off
    await secure(SLOTS, ahead=1_000_000)
    await secure(SLOTS, ahead=1_000_000)

    # Then
    mailing = await create_mailing(new_mailing())
    assert mailing.id == 3_000_000
    (client,) = await sql("""
        INSERT INTO client (phone, operator_code, tag, timezone) VALUES (79990000000, '999', '', 'UTC') RETURNING id
    """)
    assert client["id"] == 3_000_000
    (after,) = await sql("SELECT nextval('delivery_token') AS token")
    assert after["token"] > before["token"] + 1_000_000


async def test_what_is_not_sent_again_ends_unconfirmed_and_not_as_something_that_nobody_got(
    backup: dict[str, int], sql: Sql
) -> None:
    # Given
    await secure(SLOTS)

    # When
    await cancel_mailing(backup["running"])

    # Then
    assert await counts(backup["running"]) == {"sent": 10, "unconfirmed": 20}
    await assert_accounts_are_exact()


async def test_what_had_not_been_chosen_is_chosen_and_doubted_too_for_it_may_have_been_sent_under_another_id(
    backup: dict[str, int], worker: Worker, sql: Sql
) -> None:
    """Otherwise workers would choose it as soon as they are started: they do so for paused mailings."""
    # Given a filter that was changed right before the backup: it had not taken the first ten in yet
    await sql("DELETE FROM message WHERE mailing_id = 2 AND client_id <= 10")
    await sql("UPDATE message_count SET pending = pending - 10 WHERE mailing_id = 2 AND dimension = ''")
    await sql("UPDATE mailing SET selected_at = NULL, selection_cursor = 0, recheck_cursor = 0 WHERE id = 2")

    # When
    done = await secure(SLOTS)
    await worker.sweep()
    await worker.idle()
    for name in ("paused", "overdue"):
        await cancel_mailing(backup[name])

    # Then
    assert done.uncertain == 20 + 30 + 30
    assert [await counts(backup[name]) for name in ("paused", "overdue")] == [{"unconfirmed": 30}] * 2


async def test_what_is_resumed_is_sent_under_the_id_that_it_had(
    backup: dict[str, int], worker: Worker, sql: Sql
) -> None:
    # Given
    waited = {row["id"] for row in await sql("SELECT id FROM message WHERE mailing_id = 1 AND status = 'PENDING'")}
    await secure(SLOTS)

    # When
    await sql("INSERT INTO delivery_slot (mailing_id, slot) VALUES (1, 0)")
    await resume_mailing(backup["running"])

    async def is_over() -> bool:
        return (await counts(backup["running"])) == {"sent": 30}

    await worker.until(is_over)
    assert waited <= {row["id"] for row in await sql("SELECT id FROM message WHERE status = 'SENT'")}
    await assert_accounts_are_exact()
