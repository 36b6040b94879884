"""`mailing restored` as a person runs it. What it does to a real backup is in tests/infra/scale."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailing.cli import restoration
from mailing.cli.failure import CommandError
from mailing.mailings.service import create_mailing
from mailing.settings import Settings
from tests.cli.program import mailing
from tests.conftest import Sql
from tests.delivery.conftest import new_mailing

_AGE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, \d+\.\d hours ago")


async def test_it_shows_what_it_would_do_and_what_to_look_at_and_changes_nothing(
    settings: Settings, sql: Sql, tmp_path: Path
) -> None:
    # Given
    await create_mailing(new_mailing())

    # When
    ran = await mailing(settings, tmp_path, "restored")

    # Then
    assert (ran.status, ran.errors) == (0, "")
    assert _AGE.sub("…", ran.output).splitlines() == [
        "The newest change in this database is of ….",
        "What was done and sent after the backup is not in it.",
        "To be done:",
        "- New ids: from message_2000000000, client_2000000000, mailing_2000000000 on. None is used that the provider "
        "or anybody else has seen.",
        "- Mailings to pause: 1. Nothing is sent until you resume them, one by one.",
        "- Messages to mark as uncertain: 0. They wait, and may have been sent. What is never sent again ends "
        "UNCONFIRMED, not CANCELLED or EXPIRED.",
        "- Mailings that are to choose the rest of their clients: 1. Messages to these are marked, too, and come on "
        "top.",
        "- People to sign out: 0.",
        "To look at yourself:",
        "- Paused mailings: to resume one sends what waits again, each message under the id that it had. No client is "
        "texted twice where the provider drops ids that it has seen. Cancel what was cancelled since the backup.",
        "- Paused mailings that had not chosen all clients: 1. Whom they have texted since is not known; if resumed, "
        "they text them again under new ids. Cancel them, unless you know that they had sent nothing.",
        "- Access tokens that are good: 0 (`mailing token list`). Revoke again what was revoked since the backup; what "
        "was made since is good no more.",
        "- Clients who were added, changed or deleted since the backup: bring that about again.",
        "- Mailings that were made since the backup are gone, and what they sent is known to the log alone. To make "
        "one anew texts everybody again.",
        "Nothing was changed. `mailing restored --yes` does it.",
    ]
    assert await sql("SELECT status FROM mailing") == [{"status": "SCHEDULED"}]


async def test_it_tells_what_is_not_in_the_database_and_what_goes_on_by_itself(
    settings: Settings, sql: Sql, tmp_path: Path
) -> None:
    # Given
    now = datetime.now(UTC)
    await create_mailing(new_mailing(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)))
    await sql("""
        INSERT INTO access_token (digest, start, name, role, created_by, created_by_name)
        VALUES ('d', 'mailing_', 'n', 'VIEWER', 'c', 'c')
    """)

    # When
    ran = await mailing(settings, tmp_path, "restored")

    # Then
    _, advice = ran.output.split("To look at yourself:\n")
    assert advice.splitlines()[1:4] == [
        "- Mailings that will start by themselves: 1. Have they been changed, cancelled or deleted since the backup?",
        "- Access tokens that are good: 1 (`mailing token list`). Revoke again what was revoked since the backup; what "
        "was made since is good no more.",
        "- Clients who were added, changed or deleted since the backup: bring that about again.",
    ]


async def test_it_refuses_while_the_service_runs(settings: Settings, sql: Sql, tmp_path: Path) -> None:
    # Given a part of the service that asks for something every now and then: this process
    await create_mailing(new_mailing())

    # When
    busy = asyncio.create_task(_keep_asking(sql))
    try:
        ran = await mailing(settings, tmp_path, "restored", "--yes")
    finally:
        busy.cancel()

    # Then
    assert ran.status == 1
    assert re.fullmatch(
        r"mailing: the service still runs \(connections in use: \d+\); stop API, workers and schedulers first. "
        r"pg_stat_activity says where they are, under the application_name mailing. Nothing was changed\.",
        ran.errors,
    )
    assert await sql("SELECT status FROM mailing") == [{"status": "SCHEDULED"}]


async def test_ids_stay_below_the_keys_of_locks_that_are_nobodys(settings: Settings, tmp_path: Path) -> None:
    ran = await mailing(settings, tmp_path, "restored", "--ids-ahead", str((1 << 48) // 100))

    assert ran.status == 2
    assert "less than or equal to 1000000000000" in " ".join(ran.errors.replace("│", " ").split())


def test_who_interrupts_it_is_told_to_run_it_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(restoration, "configure_command_log", lambda *_: None)
    monkeypatch.setattr(restoration, "check_database", lambda _: None)
    monkeypatch.setattr(restoration, "_run", interrupted)

    with pytest.raises(CommandError) as told:
        restoration.run(settings, carry_out=True, ids_ahead=1_000_000)

    assert str(told.value) == "interrupted; run this again before anything is started"


async def _keep_asking(sql: Sql) -> None:
    while True:
        await sql("SELECT 1")
        await asyncio.sleep(0.5)
