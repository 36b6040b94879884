"""People who are signed in with a browser."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from mailing.models.role import RoleField


class Migration(migrations.Migration):
    dependencies = [("mailing", "0002_access_tokens")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("subject", fields.TextField(unique=False)),
                ("name", fields.TextField(unique=False)),
                ("role", RoleField(generated=False, null=False, unique=False)),
                ("issuer", fields.TextField(unique=False)),
                ("id_token", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "mailing",
                "indexes": [Index(fields=["expires_at"])],
                "pk_attr": "id",
                "table_description": "People who are signed in with a browser",
            },
            bases=["Model"],
        ),
    ]
