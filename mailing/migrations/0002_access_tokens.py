"""What lets programs in."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops

from mailing.models.role import RoleField


class Migration(migrations.Migration):
    dependencies = [("mailing", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AccessToken",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("start", fields.CharField(max_length=32)),
                ("name", fields.CharField(max_length=100)),
                ("role", RoleField(generated=False, null=False, unique=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("created_by", fields.TextField(unique=False)),
                ("created_by_name", fields.TextField(unique=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "access_token",
                "app": "mailing",
                "pk_attr": "id",
                "table_description": "What lets programs in",
            },
            bases=["Model"],
        ),
    ]
