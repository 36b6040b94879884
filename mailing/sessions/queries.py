"""Sessions in the database, whose clock alone says whether one is over."""

from datetime import timedelta

from mailing.db.orm import fetch
from mailing.roles import Role
from mailing.sessions.records import EndedSession, Person, Session


async def insert_session(id: str, person: Person, lasting: timedelta) -> None:
    await fetch(
        """
        INSERT INTO session (id, issuer, subject, name, role, id_token, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval)
        """,
        id,
        person.issuer,
        person.subject,
        person.name,
        person.role.name,
        person.id_token,
        lasting,
    )


async def session_by_id(id: str, issuer: str) -> Session | None:
    """By the primary key: it is asked for with every request. One that another issuer gave is none."""
    rows = await fetch(
        """
        SELECT subject, name, role, extract(epoch FROM expires_at - now())::float8 AS remaining_seconds
        FROM session WHERE id = $1 AND issuer = $2 AND expires_at > now()
        """,
        id,
        issuer,
    )
    return next((Session(**{**row, "role": Role[row["role"]]}) for row in rows), None)


async def delete_session(id: str) -> EndedSession | None:
    rows = await fetch("DELETE FROM session WHERE id = $1 RETURNING subject, id_token", id)
    return next((EndedSession(**row) for row in rows), None)


async def delete_expired(most: int) -> None:
    """Those that are over, the oldest first; not those that somebody else is deleting."""
    await fetch(
        """
        DELETE FROM session WHERE id IN (
            SELECT id FROM session WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        """,
        most,
    )
