"""What became of a mailing's messages over its life, and of all of them by days."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("mailing", "0007_audience")]

    initial = False

    operations = [ops.RunSQL((SQL / "0008_history.sql").read_text())]
