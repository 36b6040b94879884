import asyncio

import pytest
import structlog

from mailing.access_tokens import last_use
from mailing.access_tokens.last_use import LastUse
from mailing.access_tokens.queries import note_use
from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from tests.conftest import Sql

LAST_USED = "SELECT last_used_at FROM access_token"


async def _token() -> int:
    issued = await create_token(NewToken("billing", Role.VIEWER, None), COMMAND_LINE)
    id: int = issued.row.id
    return id


async def test_a_use_is_written(sql: Sql) -> None:
    token = await _token()
    uses = LastUse()

    uses.note(token)
    await uses.close()

    (written,) = await sql("SELECT now() - last_used_at < interval '10 seconds' AS is_now FROM access_token")
    assert written["is_now"]


async def test_in_a_minute_the_database_is_told_once(sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a token that was last used a minute ago
    token, now, told = await _token(), 0.0, 0

    async def write(token_id: int) -> None:
        nonlocal told
        told += 1
        await note_use(token_id)

    monkeypatch.setattr(last_use, "note_use", write)
    await sql("UPDATE access_token SET last_used_at = now() - interval '61 seconds'")
    uses = LastUse(clock=lambda: now)

    # When it is used all the time
    for second in range(60):
        now = second
        uses.note(token)
        await uses.close()
    once = told
    now = 60
    uses.note(token)
    await uses.close()

    # Then it is written at once, and then after a minute
    assert (once, told) == (1, 2)
    assert await sql("SELECT FROM access_token WHERE last_used_at > now() - interval '10 seconds'") != []


async def test_processes_do_not_write_what_another_has_just_written(sql: Sql) -> None:
    token = await _token()
    seen = []
    for process in (LastUse(), LastUse()):
        process.note(token)
        await process.close()
        seen += await sql(LAST_USED)

    assert seen[0] == seen[1]


async def test_a_failure_is_logged_once_and_troubles_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: int) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(last_use, "note_use", fail)
    uses = LastUse()
    with structlog.testing.capture_logs() as logs:
        for token in (1, 2, 3):
            uses.note(token)
        await uses.close()

    assert [entry["event"] for entry in logs] == ["token.last_use_not_written"]


async def test_a_database_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_: int) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(last_use, "note_use", hang)
    monkeypatch.setattr(last_use, "CLOSE_SECONDS", 0.05)
    uses = LastUse()
    uses.note(1)

    async with asyncio.timeout(5):
        await uses.close()


async def test_not_more_tokens_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    async def write(token: int) -> None:
        written.append(token)

    monkeypatch.setattr(last_use, "note_use", write)
    monkeypatch.setattr(last_use, "MOST_TOKENS", 2)
    uses = LastUse(clock=lambda: 0)
    for token in (1, 2, 3, 3, 2, 1):
        uses.note(token)
    await uses.close()

    assert written == [1, 2, 3, 1]
