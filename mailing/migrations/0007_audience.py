"""How many clients there are of each kind, and where to look for the end of a phone."""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("mailing", "0006_origins")]

    initial = False

    operations = [ops.RunSQL((SQL / "0007_audience.sql").read_text())]
