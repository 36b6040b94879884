"""How many clients there are of each kind, and where to look for the end of a phone.

In steps, for with ten million clients each takes long; all are one transaction, in which nobody else writes clients.
"""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = Path(__file__).parent / "sql"

_COUNT_KINDS = """
    INSERT INTO client_count (operator_code, tag, timezone, clients)
    SELECT operator_code, tag, timezone, count(*) FROM client GROUP BY 1, 2, 3
"""
_COUNT_PROPERTIES = """
    INSERT INTO client_property_count (property, value, clients)
    SELECT property, value, sum(clients)
    FROM client_count CROSS JOIN LATERAL (VALUES
        ('', ''), ('operator_code', operator_code), ('tag', tag), ('timezone', timezone)
    ) AS of (property, value)
    GROUP BY 1, 2
"""
# People know the last digits of a phone. Its beginning is found by the index that makes phones unique. Without the id,
# those of equal digits share an entry: a quarter of the size, for every import to write.
_INDEX = "CREATE INDEX client_last_digits ON client ((phone % 10000))"


class Migration(migrations.Migration):
    dependencies = [("mailing", "0006_origins")]

    initial = False

    operations = [
        ops.RunSQL((SQL / "0007_audience.sql").read_text()),
        # Behind the triggers: until this commits nobody writes what they would count.
        *(ops.RunSQL(step) for step in (_COUNT_KINDS, _COUNT_PROPERTIES, _INDEX)),
    ]
