"""What the migration that brought histories makes of a mailing that is being sent."""

from mailing.settings import Settings
from tests.db.upgrades import database_at, migrate_to_the_newest

BEFORE = "0006_origins"


async def test_a_mailing_in_full_flight_is_counted_on_and_knows_from_when_on(settings: Settings) -> None:
    async with database_at(settings, BEFORE) as (url, old):
        # Given a mailing of which one message has been sent, and one left out, in a second before the history's first
        await old.execute(
            """
            INSERT INTO mailing (text, text_version, starts_at, ends_at, operator_codes, tags, status, revision,
                                 selection_cursor, started_at, selected_at)
            VALUES ('Hello', 1, now() - interval '2 minutes', now() + interval '1 day', '{}', '{}', 'RUNNING', 1, 0,
                    now() - interval '2 minutes', now() - interval '2 minutes');
            INSERT INTO message (mailing_id, client_id, operator_code, tag, timezone)
            SELECT 1, n, '916', '', 'UTC' FROM generate_series(1, 4) n;
            UPDATE message SET status = 'SENT', sent_at = now() - interval '1 minute',
                               ended_at = now() - interval '1 minute' WHERE id = 1;
            UPDATE message SET status = 'CANCELLED', ended_at = now() - interval '1 minute' WHERE id = 2
            """
        )

        # When another is sent after the migration, the one that was left out is taken in again, and all is cancelled
        migrate_to_the_newest(url)
        await old.execute(
            """
            UPDATE message SET status = 'SENT', sent_at = now(), ended_at = now() WHERE id = 3;
            UPDATE message SET status = 'PENDING', ended_at = NULL WHERE id = 2;
            UPDATE mailing SET closed_as = 'CANCELLED', status = 'CANCELLED' WHERE id = 1
            """
        )

        # Then the quarters have all of it, and the history what came since then
        endings = await old.fetch("SELECT status, sum(messages)::int FROM ending_tally GROUP BY 1 ORDER BY 1")
        assert [tuple(row) for row in endings] == [("CANCELLED", 2), ("SENT", 2)]
        since = await old.fetchval("SELECT history_since FROM tally_start")
        history = await old.fetch(
            """
            SELECT status, sum(messages)::int FROM history_tally
            WHERE at >= date_trunc('second', $1::timestamptz) GROUP BY 1 ORDER BY 1
            """,
            since,
        )
        assert [tuple(row) for row in history] == [("CANCELLED", 2), ("SENT", 1)]
