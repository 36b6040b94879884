"""Sessions of people who are signed in with a browser."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from mailing.roles import Role
from mailing.sessions.records import EndedSession, Person, Session
from mailing.sessions.service import (
    MOST_REMOVED_AT_ONCE,
    begin_session,
    end_session,
    find_session,
    forget_expired_sessions,
)
from tests.conftest import Sql

ADA = Person("https://login.example.com", "ada", "Ada Lovelace", Role.OPERATOR, "head.body.signature")
HOUR = timedelta(hours=1)


async def test_a_session_is_known_by_its_secret_until_it_ends(sql: Sql) -> None:
    # Given
    secret = await begin_session(ADA, HOUR)
    other = await begin_session(ADA, HOUR)

    # When
    found = await find_session(secret, ADA.issuer)
    ended = await end_session(secret)

    # Then
    assert found is not None
    assert replace(found, remaining_seconds=0) == Session("ada", "Ada Lovelace", Role.OPERATOR, 0)
    assert 3590 < found.remaining_seconds <= 3600
    assert (ended, await find_session(secret, ADA.issuer), await end_session(secret)) == (
        EndedSession("ada", ADA.id_token),
        None,
        None,
    )
    assert await find_session(other, ADA.issuer) is not None


async def test_a_session_that_another_issuer_gave_is_none(sql: Sql) -> None:
    secret = await begin_session(ADA, HOUR)

    assert await find_session(secret, "https://another.example.com") is None


async def test_only_a_hash_of_the_secret_is_kept(sql: Sql) -> None:
    secret = await begin_session(ADA, HOUR)

    rows = await sql("SELECT id, session::text AS everything FROM session")

    assert [row["id"] for row in rows] == [sha256(secret.encode()).hexdigest()]
    assert secret not in rows[0]["everything"]


async def test_it_is_over_after_its_time_however_often_it_is_used(sql: Sql) -> None:
    secret = await begin_session(ADA, HOUR)
    await find_session(secret, ADA.issuer)

    await sql("UPDATE session SET expires_at = now()")

    assert await find_session(secret, ADA.issuer) is None


async def test_what_is_over_is_removed_in_bounded_steps(sql: Sql) -> None:
    # Given more that are over than are removed at once, and one that is not
    alive = await begin_session(ADA, HOUR)
    await sql(
        "INSERT INTO session (id, issuer, subject, name, role, id_token, expires_at) "
        "SELECT n::text, '', '', '', 'VIEWER', '', now() - n * interval '1 s' FROM generate_series(1, $1::int) n",
        MOST_REMOVED_AT_ONCE + 5,
    )

    # When
    await forget_expired_sessions()

    # Then the oldest have gone
    assert [row["id"] for row in await sql("SELECT id FROM session WHERE role = 'VIEWER' ORDER BY id")] == list("12345")
    assert await find_session(alive, ADA.issuer) is not None


@pytest.mark.parametrize("secret", ["", "x", "é" * 43, "a" * 44, "a" * 42 + "\x00", "a" * 100_000])
async def test_what_is_no_secret_is_not_asked_for(secret: str) -> None:
    assert await find_session(secret, ADA.issuer) is None
    assert await end_session(secret) is None
