"""What the checks ask PostgreSQL, in SQL. Nothing here writes, and nothing looks at more than a few hundred rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.messages.counter_queries import COUNTER_TOTAL


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a PostgreSQL tells of itself."""

    version: str
    number: int
    """The version as a number that compares: 150004."""
    is_read_only: bool
    """A replica, or made read-only."""
    bytes: int
    """The size of our database."""


@dataclass(frozen=True, slots=True)
class ConnectionLimit:
    """One of the limits under which connections are opened."""

    name: str
    """The setting that makes it: max_connections, or CONNECTION LIMIT of the role or of the database."""
    most: int
    taken: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """What nobody has done though it was time. Each is counted to a hundred at most."""

    starts: int
    ends: int
    leases: int
    """Leases that are over, and whose messages nobody has taken back."""
    unattended: int
    """Mailings with messages to write or to send for which workers were called again and again, and none came."""
    attended: int
    """Slots that workers hold: there are some, and they work."""


MOST_COUNTED = 100
"""Mailings, where they are counted one by one."""


@dataclass(frozen=True, slots=True)
class OldMessages:
    """What is to be kept no longer and is still there. Of the oldest mailings, `MOST_COUNTED` at most."""

    mailings: int
    messages: int
    late_mailings: int
    """Those of them that should have been done with a day ago."""


async def answers() -> None:
    """Raises a database error where nothing does."""
    await fetch_value("SELECT 1")


async def server_facts() -> ServerFacts:
    row = await fetch_one(
        """
        SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
               current_setting('server_version_num')::int AS number,
               pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS is_read_only,
               pg_database_size(current_database()) AS bytes
        """
    )
    return ServerFacts(**row)


async def connection_limits() -> list[ConnectionLimit]:
    """Those that there are, the one that leaves least room first. Connections that are kept for superusers are none."""
    rows = await fetch(
        """
        SELECT name, most, taken
        FROM pg_database d JOIN pg_roles r ON r.rolname = current_user, LATERAL (VALUES
            ('max_connections',
             current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                 - coalesce(current_setting('reserved_connections', true)::int, 0),
             (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL)),
            ('the CONNECTION LIMIT of the role',
             rolconnlimit, (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid)),
            ('the CONNECTION LIMIT of the database',
             datconnlimit, (SELECT count(*) FROM pg_stat_activity WHERE datid = d.oid))
        ) AS limits (name, most, taken)
        WHERE datname = current_database() AND most >= 0
        ORDER BY most - taken
        """
    )
    return [ConnectionLimit(**row) for row in rows]


async def own_connections() -> int:
    """How many this service has open, all processes together, whoever looks included."""
    count: int = await fetch_value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mailing'")
    return count


async def clock() -> datetime:
    """The time right now, not that at which the statement began."""
    now: datetime = await fetch_value("SELECT clock_timestamp()")
    return now


async def zones_that_never_open(names: Sequence[str]) -> list[str]:
    """Those in which the database finds no window open, at whatever time of day: it knows no such zone."""
    rows = await fetch(
        """
        SELECT zone FROM unnest($1::text[]) AS zone
        WHERE NOT window_is_open(zone, '00:00', '12:00', now()) AND NOT window_is_open(zone, '12:00', '00:00', now())
        ORDER BY zone
        """,
        names,
    )
    return [row["zone"] for row in rows]


async def offsets(zones: Sequence[str], moments: Sequence[datetime]) -> dict[str, list[timedelta]]:
    """How far each zone's clocks are ahead of UTC by the server's own data: `result[zone][i]` belongs to `moments[i]`.

    Names that PostgreSQL would take for abbreviations are left out. Raises a database error for an unknown zone.
    """
    rows = await fetch(
        """
        SELECT zone, array_agg(at AT TIME ZONE zone - at AT TIME ZONE 'UTC' ORDER BY n) AS ahead
        FROM unnest($1::text[]) AS zone, unnest($2::timestamptz[]) WITH ORDINALITY AS moments (at, n)
        WHERE zone NOT IN (SELECT abbrev FROM pg_timezone_abbrevs)
        GROUP BY zone
        """,
        zones,
        moments,
    )
    return {row["zone"]: row["ahead"] for row in rows}


async def overdue(late: timedelta, calls: int) -> Overdue:
    """What should have been done longer than `late` ago; unattended is what workers were called for `calls` times."""
    row = await fetch_one(
        """
        SELECT
            (SELECT count(*) FROM (
                SELECT FROM mailing
                WHERE status = 'SCHEDULED' AND deleted_at IS NULL AND starts_at < now() - $1::interval LIMIT 100
            ) AS late) AS starts,
            (SELECT count(*) FROM (
                SELECT FROM mailing
                WHERE status IN ('RUNNING', 'PAUSED') AND closed_as IS NULL AND ends_at < now() - $1::interval LIMIT 100
            ) AS late) AS ends,
            (SELECT count(*) FROM (
                SELECT FROM delivery_slot
                WHERE token IS NOT NULL AND leased_until < now() - $1::interval LIMIT 100
            ) AS late) AS leases,
            (SELECT count(*) FROM (
                -- Nobody has begun to write the messages,
                SELECT id FROM mailing
                WHERE status = 'RUNNING' AND deleted_at IS NULL AND selected_at IS NULL AND selection_cursor = 0
                  AND started_at < now() - $1::interval
                UNION
                -- or takes a slot to send them.
                SELECT m.id FROM delivery_slot s JOIN mailing m ON m.id = s.mailing_id
                WHERE m.status = 'RUNNING' AND m.closed_as IS NULL
                GROUP BY m.id
                HAVING bool_and(s.token IS NULL) AND max(s.wakes) >= $2
                   AND max(s.woken_at) > now() - interval '3 minutes'
                LIMIT 100
            ) AS late) AS unattended,
            (SELECT count(*) FROM (
                SELECT FROM delivery_slot WHERE token IS NOT NULL AND leased_until > now() LIMIT 100
            ) AS held) AS attended
        """,
        late,
        calls,
    )
    return Overdue(**row)


@dataclass(frozen=True, slots=True)
class LateReport:
    """A day's report that could not be sent so far."""

    day: date
    tries: int
    error: str


async def late_report(days: int) -> LateReport | None:
    """The oldest of the last `days`."""
    rows = await fetch(
        """
        SELECT day, tries, error FROM daily_report
        WHERE sent_at IS NULL AND error IS NOT NULL AND day >= current_date - $1::int
        ORDER BY day LIMIT 1
        """,
        days,
    )
    return LateReport(**rows[0]) if rows else None


async def old_messages(ended_before: datetime, late_before: datetime) -> OldMessages:
    """Of mailings that ended before that. What was removed half way counts with all that there was."""
    row = await fetch_one(
        f"""
        SELECT count(*) AS mailings, coalesce(sum(messages), 0)::bigint AS messages,
               count(*) FILTER (WHERE ended_at < $2) AS late_mailings
        FROM (
            SELECT m.ended_at, counted.messages FROM mailing m CROSS JOIN LATERAL (
                SELECT sum({COUNTER_TOTAL}) AS messages
                FROM message_count c WHERE c.mailing_id = m.id AND c.dimension = '' AND c.value = ''
            ) counted
            WHERE m.ended_at < $1 AND m.emptied_at IS NULL AND m.deleted_at IS NULL AND counted.messages > 0
            ORDER BY m.ended_at LIMIT $3
        ) AS old
        """,
        ended_before,
        late_before,
        MOST_COUNTED,
    )
    return OldMessages(**row)
