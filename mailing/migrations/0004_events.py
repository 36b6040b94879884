"""The audit trail, and when messages ended and tries were put off."""

from pathlib import Path

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"

# In the order in which workers lock these tables, and before anything else: a migration that takes them one by one as
# it comes along would meet a running worker half way, each waiting for the other.
LOCKS = """
    LOCK TABLE mailing, client, provider_channel IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE message, delivery_attempt IN ACCESS EXCLUSIVE MODE;
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
