"""Makes a database with a long history, as quickly as it can be made.

Past the triggers, so what they would have written is written here: events. The counters stay empty, for nothing that is
measured here reads them.
"""

from mailing.db.orm import fetch
from mailing.db.unit_of_work import unit_of_work

CHUNK = 250_000
"""Rows a statement: each ends well within the time that one may take."""

_WITHOUT_TRIGGERS = "SELECT set_config('session_replication_role', 'replica', true)"


async def add_clients(first: int, last: int) -> None:
    """Clients with these ids, a tenth of whom were changed once."""
    async with unit_of_work():
        await fetch(_WITHOUT_TRIGGERS)
        await fetch(
            """
            INSERT INTO client (id, phone, operator_code, tag, timezone, created_at)
            SELECT i, 79000000000 + i, (900 + i % 80)::text, 'tag ' || i % 20,
                   (ARRAY['Europe/Moscow', 'Asia/Omsk', 'Asia/Vladivostok'])[1 + i % 3], now() - interval '1 year'
            FROM generate_series($1::bigint, $2::bigint) i
            """,
            first,
            last,
        )
        await fetch(
            """
            INSERT INTO event (subject, subject_id, at, kind, acted_by, operation_id, details)
            SELECT 'client', i, now() - happened.ago, happened.kind, 'somebody', md5(i::text), happened.details
            FROM generate_series($1::bigint, $2::bigint) i CROSS JOIN LATERAL (VALUES
                (interval '1 year', 'CREATED', NULL::jsonb),
                (interval '200 days', 'EDITED', '{"changes": {"tag": ["tag x", "tag y"]}}')
            ) AS happened (ago, kind, details)
            WHERE happened.kind = 'CREATED' OR i % 10 = 0
            """,
            first,
            last,
        )


async def add_mailing(days_ago: int, *, is_over: bool) -> int:
    """A mailing of a day, with its events; the one that is not over runs, and its window is closed everywhere."""
    async with unit_of_work():
        await fetch(_WITHOUT_TRIGGERS)
        rows = await fetch(
            """
            INSERT INTO mailing (text, starts_at, ends_at, operator_codes, tags, status, selected_at, started_at,
                                 ended_at, closed_as, created_at, window_opens_at, window_closes_at, text_version,
                                 revision, selection_cursor)
            SELECT 'Hello', at, at + CASE WHEN $2 THEN interval '1 day' ELSE interval '99 days' END, '{}', '{}',
                   CASE WHEN $2 THEN 'FINISHED' ELSE 'RUNNING' END, at, at, CASE WHEN $2 THEN at + interval '1 day' END,
                   CASE WHEN $2 THEN 'EXPIRED' END, at, CASE WHEN NOT $2 THEN closed END,
                   CASE WHEN NOT $2 THEN closed + interval '1 minute' END, 1, 1, 0
            FROM (SELECT now() - make_interval(days => $1) AS at,
                         date_trunc('minute', now() AT TIME ZONE 'UTC')::time - interval '3 hours' AS closed) AS moment
            RETURNING id
            """,
            days_ago,
            is_over,
        )
        mailing_id: int = rows[0]["id"]
        await fetch(
            """
            INSERT INTO event (subject, subject_id, at, kind, details)
            SELECT 'mailing', m.id, m.started_at + n * interval '1 ms', kind, NULL
            FROM mailing m CROSS JOIN unnest(ARRAY['CREATED', 'STARTED', 'AUDIENCE_SELECTED', 'EXPIRED', 'FINISHED'])
                WITH ORDINALITY AS happened (kind, n)
            WHERE m.id = $1 AND (m.closed_as IS NOT NULL OR n <= 3)
            """,
            mailing_id,
        )
    return mailing_id


async def add_messages(mailing_id: int, first: int, last: int) -> None:
    """To the clients with these ids: nearly all were SENT at once, some FAILED after five tries, some were EXPIRED.

    Of a mailing that runs: all wait.
    """
    async with unit_of_work():
        await fetch(_WITHOUT_TRIGGERS)
        await fetch(
            """
            WITH written AS (
                INSERT INTO message (mailing_id, client_id, phone, operator_code, tag, timezone, status, attempts,
                                     reason, created_at, due_at, sent_at, ended_at)
                SELECT g.id, c.id, c.phone, c.operator_code, c.tag, c.timezone,
                       CASE WHEN g.closed_as IS NULL OR c.id % 20 = 1 THEN 'PENDING'
                            WHEN c.id % 20 = 0 THEN 'FAILED' ELSE 'SENT' END,
                       CASE WHEN g.closed_as IS NULL OR c.id % 20 = 1 THEN 0 WHEN c.id % 20 = 0 THEN 5 ELSE 1 END,
                       CASE WHEN g.closed_as IS NOT NULL AND c.id % 20 = 0 THEN 'tries used up: HTTP 503' END,
                       g.started_at, g.started_at,
                       CASE WHEN g.closed_as IS NOT NULL AND c.id % 20 > 1 THEN g.started_at + interval '1 s' END,
                       CASE WHEN g.closed_as IS NOT NULL AND c.id % 20 <> 1 THEN g.started_at + interval '1 s' END
                FROM client c, mailing g WHERE c.id BETWEEN $2 AND $3 AND g.id = $1
                RETURNING id, created_at, attempts
            )
            INSERT INTO delivery_attempt (message_id, number, started_at, duration_ms, outcome, http_status, code)
            SELECT id, n, created_at + n * interval '100 ms', 15,
                   CASE attempts WHEN 1 THEN 'ACCEPTED' ELSE 'DEFERRED' END,
                   CASE attempts WHEN 1 THEN 200 ELSE 503 END, CASE attempts WHEN 1 THEN 0 END
            FROM written CROSS JOIN generate_series(1, attempts) n
            """,
            mailing_id,
            first,
            last,
        )


async def add_outages(count: int) -> None:
    """Of a minute each, spread over the last year."""
    await fetch(
        """
        INSERT INTO event (subject, subject_id, at, kind, details)
        SELECT 'channel', 0, now() - n * interval '1 year' / $1 + is_over::int * interval '1 minute',
               CASE WHEN is_over THEN 'RELEASED' ELSE 'HELD' END, '{"cause": "FAILURES", "reason": "20 of 20"}'
        FROM generate_series($1::int, 1, -1) n, (VALUES (false), (true)) outage (is_over)
        ORDER BY 3
        """,
        count,
    )


async def tidy() -> None:
    """As autovacuum would have it by then."""
    for table in ("client", "mailing", "event"):
        await fetch(f"VACUUM ANALYZE {table}")
    for table in ("message", "delivery_attempt"):
        await fetch(f"ANALYZE {table}")


async def sizes() -> dict[str, float]:
    """In MB, indexes included."""
    rows = await fetch(
        """
        SELECT relname, pg_total_relation_size(oid) / 1e6::float8 AS mb FROM pg_class
        WHERE relname IN ('client', 'message', 'delivery_attempt', 'event') ORDER BY relname
        """
    )
    return {row["relname"]: row["mb"] for row in rows}
