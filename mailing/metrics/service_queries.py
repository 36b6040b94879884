"""What Prometheus is told of the whole service, in SQL: at a cost that does not grow with the messages.

Only mailings that are not over are looked at: they are few, and an index finds them, whatever the tables hold.
"""

from dataclasses import dataclass

from mailing.db.orm import fetch, fetch_one
from mailing.delivery.breaker import BreakerState
from mailing.delivery.channel_health import read_channel
from mailing.delivery.wake_queries import count_mailings_due
from mailing.messages.counter_queries import COUNTER_SUMS, counts_in
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus

UNDER_WAY = (MailingStatus.SCHEDULED, MailingStatus.RUNNING, MailingStatus.PAUSED)
"""The statuses of mailings that are not over."""

_NOT_OVER = f"""
    SELECT m.status AS mailing_status, m.closed_as, count(*) AS mailings, {COUNTER_SUMS},
           coalesce(max(extract(epoch FROM now() - m.starts_at)) FILTER (WHERE m.status = 'SCHEDULED'), 0)::float8
               AS overdue_seconds
    FROM mailing m CROSS JOIN LATERAL (
        SELECT {COUNTER_SUMS} FROM message_count c
        WHERE c.mailing_id = m.id AND c.dimension = '' AND c.value = ''
    ) c
    WHERE m.status IN ('SCHEDULED', 'RUNNING', 'PAUSED') AND m.deleted_at IS NULL
    GROUP BY m.status, m.closed_as
"""
_LEASES = """
    SELECT count(*) FILTER (WHERE leased_until >= now()) AS held,
           count(*) FILTER (WHERE leased_until < now()) AS expired
    FROM delivery_slot WHERE token IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """How the service stands by its database."""

    mailings: dict[MailingStatus, int]
    messages: dict[MessageStatus, int]
    start_overdue_seconds: float
    """Of the mailing that should have started the longest time ago; 0 without one."""
    leases_held: int
    leases_expired: int
    mailings_due: int
    """With messages that could leave right now."""
    channel: BreakerState


async def read_database_figures() -> DatabaseFigures:
    """Raises database errors."""
    mailings = dict.fromkeys(UNDER_WAY, 0)
    messages = dict.fromkeys(MessageStatus, 0)
    overdue = 0.0
    for row in await fetch(_NOT_OVER):
        mailings[MailingStatus(row["mailing_status"])] += row["mailings"]
        overdue = max(overdue, row["overdue_seconds"])
        for status, count in counts_in(row).items():
            messages[status] += count
    leases = await fetch_one(_LEASES)
    return DatabaseFigures(
        mailings,
        messages,
        overdue,
        leases["held"],
        leases["expired"],
        await count_mailings_due(),
        (await read_channel()).state,
    )
