"""The audit trail, and when messages ended and tries were put off."""

from pathlib import Path

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"

# All at once and before anything else, for a migration that takes them one by one as it comes along would meet running
# processes half way, each waiting for the other. No order spares it that: who deletes a client writes to messages
# before the client, who changes one after. So it waits for each table for less than PostgreSQL's deadlock_timeout of
# 1 s, gives back what it has if that is not enough, and tries again: nobody else's work is ever undone for it.
LOCKS = """
    DO $$ BEGIN
        PERFORM set_config('lock_timeout', '200ms', true);
        LOOP
            BEGIN
                LOCK TABLE client IN SHARE ROW EXCLUSIVE MODE;
                LOCK TABLE message, delivery_attempt IN ACCESS EXCLUSIVE MODE;
                LOCK TABLE mailing, provider_channel IN SHARE ROW EXCLUSIVE MODE;
                EXIT;
            EXCEPTION WHEN lock_not_available THEN
                PERFORM pg_sleep(0.1);
            END;
        END LOOP;
        PERFORM set_config('lock_timeout', '0', true);
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("mailing", "0003_browser_sessions")]

    initial = False

    operations = [
        ops.RunSQL(LOCKS),
        ops.AddField(
            model_name="Message",
            name="ended_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL((SQL / "0004_events.sql").read_text()),
    ]
