"""Rows to ask the API about."""

from datetime import UTC, datetime, timedelta

from mailing.models import Mailing, MailingStatus
from tests.conftest import Sql

NOON = datetime(2030, 1, 31, 12, tzinfo=UTC)


async def add_clients(sql: Sql, count: int, tag: str = "vip") -> list[int]:
    """Clients with consecutive phones from 79160000001 on, in Moscow."""
    rows = await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 79160000000 + n, '916', $2, 'Europe/Moscow' FROM generate_series(1, $1) AS n RETURNING id
        """,
        count,
        tag,
    )
    return [row["id"] for row in rows]


async def add_mailing(status: str = "SCHEDULED", closed_as: str | None = None) -> int:
    """A mailing from noon on for a day."""
    mailing = await Mailing.create(
        text="Hello",
        starts_at=NOON,
        ends_at=NOON + timedelta(days=1),
        operator_codes=["916"],
        status=MailingStatus(status),
        closed_as=closed_as,
        selected_at=NOON,
    )
    id: int = mailing.id
    return id


async def add_messages(sql: Sql, mailing_id: int, status: str = "PENDING", uncertain: bool = False) -> None:
    """One to every client that there is."""
    await sql(
        """
        INSERT INTO message (mailing_id, client_id, phone, operator_code, tag, timezone, status, uncertain)
        SELECT $1, id, phone, operator_code, tag, timezone, $2, $3 FROM client ORDER BY id
        """,
        mailing_id,
        status,
        uncertain,
    )
