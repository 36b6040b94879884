from datetime import UTC, datetime, timedelta

import pytest
import structlog

from mailing.access_tokens import secret
from mailing.access_tokens.queries import find_token, is_good, page_of_tokens
from mailing.access_tokens.service import COMMAND_LINE, Creator, IssuedToken, create_token, revoke_token
from mailing.access_tokens.validation import NewToken
from mailing.errors import NotFoundError
from mailing.paging import Slice
from mailing.roles import Role
from tests.conftest import Sql

EXPIRES = datetime(2100, 1, 1, tzinfo=UTC)


async def make(name: str = "billing", expires_at: datetime | None = None) -> IssuedToken:
    return await create_token(NewToken(name, Role.OPERATOR, expires_at), COMMAND_LINE)


async def test_of_a_token_only_a_hash_and_its_start_are_kept(sql: Sql) -> None:
    issued = await create_token(NewToken("billing", Role.OPERATOR, EXPIRES), Creator("ada", "Ada"))

    (row,) = await sql("SELECT * FROM access_token")
    assert row["created_at"] == issued.row.created_at
    assert {**row, "created_at": None} == {
        "id": 1,
        "digest": secret.digest(issued.secret),
        "start": issued.secret[:14],
        "name": "billing",
        "role": "OPERATOR",
        "created_at": None,
        "created_by": "ada",
        "created_by_name": "Ada",
        "expires_at": EXPIRES,
        "last_used_at": None,
        "revoked_at": None,
    }


async def test_neither_logs_nor_reprs_show_a_token(sql: Sql) -> None:
    with structlog.testing.capture_logs() as logs:
        issued = await make()
        await revoke_token(issued.row.id)

    assert [entry["event"] for entry in logs] == ["token.created", "token.revoked"]
    assert issued.secret[14:] not in repr((logs, issued, issued.row, await find_token(secret.digest(issued.secret))))


async def test_what_an_issuer_says_of_who_makes_a_token_may_be_anything(sql: Sql) -> None:
    by = Creator("a\0\ud800" + "b" * 1_000, "")

    row = (await create_token(NewToken("billing", Role.VIEWER, None), by)).row

    assert (row.created_by, row.created_by_name) == ("a?" + "b" * 198, "")


async def test_a_token_is_revoked_once_and_stays_listed(sql: Sql) -> None:
    # Given
    issued = await make()

    # When it is revoked twice
    with structlog.testing.capture_logs() as logs:
        first, second = await revoke_token(issued.row.id), await revoke_token(issued.row.id)

    # Then the first time counts
    assert first.revoked_at is not None
    assert second.revoked_at == first.revoked_at
    assert [entry["event"] for entry in logs] == ["token.revoked"]
    assert [token.id for token in (await page_of_tokens(Slice(limit=10))).items] == [issued.row.id]


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ("name = 'another'", True),
        ("expires_at = now() + interval '1 minute'", True),
        ("expires_at = now()", False),
        ("revoked_at = now()", False),
    ],
)
async def test_by_the_clock_of_the_database_a_token_goes_on_being_good(sql: Sql, change: str, good: bool) -> None:
    issued = await make()
    await sql(f"UPDATE access_token SET {change}")

    assert await is_good(issued.row.id) == good
    assert not await is_good(issued.row.id + 1)


async def test_an_unknown_token_cannot_be_revoked(sql: Sql) -> None:
    with pytest.raises(NotFoundError) as caught:
        await revoke_token(7)

    assert (caught.value.noun, caught.value.id) == ("token", 7)


async def test_a_token_that_is_shown_is_judged_by_the_clock_of_the_database(sql: Sql) -> None:
    good, soon = await make(), await make(expires_at=datetime.now(UTC) + timedelta(hours=1))
    await sql("UPDATE access_token SET expires_at = now() WHERE id = $1", soon.row.id)

    found = [await find_token(secret.digest(one.secret)) for one in (good, soon)]

    assert [one and (one.id, one.role, one.is_revoked, one.is_expired) for one in found] == [
        (1, Role.OPERATOR, False, False),
        (2, Role.OPERATOR, False, True),
    ]
    assert await find_token(secret.digest("mailing_")) is None
