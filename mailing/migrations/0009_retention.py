"""Which mailings have lost their messages, and when."""

from pathlib import Path

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("mailing", "0008_history")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Mailing",
            name="messages_removed_at",
            field=fields.DatetimeField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Mailing",
            name="emptied_at",
            field=fields.DatetimeField(null=True, unique=False),
        ),
        ops.RunSQL((SQL / "0009_retention.sql").read_text()),
    ]
