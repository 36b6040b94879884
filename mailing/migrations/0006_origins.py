"""Which operation created a mailing."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("mailing", "0005_daily_report")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Mailing",
            name="origin",
            field=fields.JSONField(null=True, unique=False),
        ),
    ]
