"""What the measurements ask of the database."""

from mailing.db.orm import fetch, fetch_one, fetch_value

MEASURED_TAG = "measured"
"""The tag of the clients that messages are sent to; the others have another."""


async def add_clients(clients: int, measured: int) -> None:
    """Clients of ten operators in three zones, the first `measured` of them with MEASURED_TAG."""
    await fetch(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 79000000000::bigint + i, (900 + i % 10)::text, CASE WHEN i <= $2 THEN $3 ELSE 'other' END,
               (ARRAY['Europe/Moscow', 'Asia/Omsk', 'Asia/Vladivostok'])[1 + i % 3]
        FROM generate_series(1, $1::int) i
        """,
        clients,
        measured,
        MEASURED_TAG,
    )
    await fetch("ANALYZE client")


async def empty_messages() -> None:
    """Forget every mailing and its messages; clients stay."""
    await fetch("TRUNCATE mailing, message, mailing_text, delivery_slot, message_count, mailing_tally")


async def count_messages(mailing_id: int) -> int:
    count: int = await fetch_value("SELECT count(*) FROM message WHERE mailing_id = $1", mailing_id)
    return count


async def sending_times(mailing_id: int) -> tuple[float, float]:
    """When the mailing was to start, in seconds since 1970, and how long after that its last message was SENT."""
    row = await fetch_one(
        """
        SELECT extract(epoch FROM m.starts_at)::float8 AS starts_at,
               extract(epoch FROM max(sent.sent_at) - m.starts_at)::float8 AS seconds
        FROM mailing m JOIN message sent ON sent.mailing_id = m.id AND sent.status = 'SENT'
        WHERE m.id = $1 GROUP BY m.id
        """,
        mailing_id,
    )
    return row["starts_at"], row["seconds"]


async def server_version() -> str:
    version: str = await fetch_value("SHOW server_version")
    return version
