"""Writing many clients at once.

Clients are looked up phone by phone, by the index. Left to itself the planner, which thinks that dear, reads the whole
table for each batch: LIMIT and OFFSET are there to keep it from that.
"""

from collections.abc import Collection
from dataclasses import dataclass

from tortoise.connection import get_connection

from mailing.clients.validation import NewClient
from mailing.db.orm import fetch

_STAGING = "client_import"


@dataclass(frozen=True, slots=True)
class Changed:
    """Clients whose rows were rewritten, and which of them have another time zone than before."""

    ids: list[int]
    moved: list[int]


async def stage_clients(clients: Collection[NewClient]) -> None:
    """Copy clients, one for each phone, to where the other statements find them until this transaction ends.

    The table is temporary, so it is written to no log, and nobody else sees it.
    """
    await fetch(
        f"""
        CREATE TEMPORARY TABLE {_STAGING}
            (phone bigint, operator_code text, tag text, timezone text) ON COMMIT DROP
        """
    )
    async with get_connection("default").acquire_connection() as connection:
        await connection.copy_records_to_table(_STAGING, records=clients, columns=NewClient._fields)


async def insert_staged() -> list[int]:
    """Add those whose phone nobody has, and return their ids.

    Looks first: ON CONFLICT alone would use up an id for every client that is there already. It is for one whom
    somebody else adds at this moment.
    """
    rows = await fetch(
        f"""
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT phone, operator_code, tag, timezone FROM {_STAGING} AS staged
        WHERE NOT EXISTS (SELECT FROM client WHERE client.phone = staged.phone OFFSET 0)
        ON CONFLICT (phone) DO NOTHING RETURNING id
        """
    )
    return [row["id"] for row in rows]


async def update_from_staged(*, operator_codes: bool, tags: bool) -> Changed:
    """Bring those who differ in line with what is staged: time zones always, the rest if it is asked for.

    Rows that do not differ are not touched, not even locked.
    """
    rows = await fetch(
        f"""
        WITH wanted AS (
            SELECT old.id, old.timezone AS old_timezone, staged.timezone,
                   CASE WHEN $1 THEN staged.operator_code ELSE old.operator_code END AS operator_code,
                   CASE WHEN $2 THEN staged.tag ELSE old.tag END AS tag
            FROM {_STAGING} AS staged CROSS JOIN LATERAL (
                SELECT * FROM client
                WHERE client.phone = staged.phone AND (client.timezone IS DISTINCT FROM staged.timezone
                   OR $1 AND client.operator_code IS DISTINCT FROM staged.operator_code
                   OR $2 AND client.tag IS DISTINCT FROM staged.tag)
                LIMIT 1 FOR UPDATE
            ) AS old
        )
        UPDATE client SET operator_code = wanted.operator_code, tag = wanted.tag, timezone = wanted.timezone,
                          updated_at = now()
        FROM wanted WHERE client.id = wanted.id
        RETURNING client.id, wanted.old_timezone <> client.timezone AS moved
        """,
        operator_codes,
        tags,
    )
    return Changed([row["id"] for row in rows], [row["id"] for row in rows if row["moved"]])
