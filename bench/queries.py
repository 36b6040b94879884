"""What the measurements ask of the database."""

from mailing.db.orm import fetch, fetch_one, fetch_value

MEASURED_TAG = "measured"
"""The tag of the clients whose messages are timed beside the floor."""
FEW_TAG = "few"
"""The tag of FEW clients more, for a small mailing beside a large one."""
FEW = 100


async def add_clients(clients: int, measured: int) -> None:
    """That many clients with phones in a row, and FEW more.

    The first `measured` have MEASURED_TAG, one of ten operators and one of three zones. The others are as mixed as
    those of a large company: 80 operators, 20 tags, eleven zones.
    """
    await fetch(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 79000000000::bigint + i,
               (900 + i % CASE WHEN i <= $2 THEN 10 ELSE 80 END)::text,
               CASE WHEN i <= $2 THEN $3 WHEN i > $1 THEN $4 ELSE 'other ' || i / 80 % 20 END,
               ($5::text[])[1 + i % CASE WHEN i <= $2 THEN 3 ELSE 11 END]
        FROM generate_series(1, $1::int + $6::int) i
        """,
        clients,
        measured,
        MEASURED_TAG,
        FEW_TAG,
        _ZONES,
        FEW,
    )
    await fetch("VACUUM ANALYZE client")


async def empty_messages() -> None:
    """Forget every mailing and its messages; clients stay."""
    await fetch("TRUNCATE mailing, message, mailing_text, delivery_slot, message_count, mailing_tally, history_tally")


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


_ZONES = [
    "Europe/Moscow",
    "Asia/Omsk",
    "Asia/Vladivostok",
    "Europe/Kaliningrad",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Magadan",
    "Asia/Kamchatka",
]
