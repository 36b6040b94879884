"""The daily report, and what it is counted from."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("mailing", "0004_events")]

    initial = False

    operations = [ops.RunSQL((SQL / "0005_daily_report.sql").read_text())]
