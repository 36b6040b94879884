"""Tables with models, then all that the engine needs beyond them."""

from pathlib import Path

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops

from mailing.models.local_time import LocalTimeField
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Client",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("phone", fields.BigIntField(unique=True)),
                ("operator_code", fields.CharField(max_length=8)),
                ("tag", fields.CharField(default="", max_length=100)),
                ("timezone", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "client",
                "app": "mailing",
                "pk_attr": "id",
                "table_description": "Customers who can be texted",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Mailing",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("text", fields.TextField(unique=False)),
                ("text_version", fields.IntField(default=1)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("operator_codes", ArrayField(default=list, element_type="TEXT")),
                ("tags", ArrayField(default=list, element_type="TEXT")),
                ("window_opens_at", LocalTimeField(null=True)),
                ("window_closes_at", LocalTimeField(null=True)),
                ("max_rate", fields.IntField(null=True)),
                (
                    "status",
                    fields.CharEnumField(default=MailingStatus.SCHEDULED, enum_type=MailingStatus, max_length=16),
                ),
                ("revision", fields.IntField(default=1)),
                ("selection_cursor", fields.BigIntField(default=0)),
                ("recheck_cursor", fields.BigIntField(null=True)),
                ("selected_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_as", fields.CharField(null=True, max_length=16)),
                ("woken_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("started_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("deleted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "mailing",
                "app": "mailing",
                "pk_attr": "id",
                "table_description": "Texts, whom they are for, and when they may be sent",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("mailing_id", fields.BigIntField()),
                ("client_id", fields.BigIntField()),
                ("phone", fields.BigIntField(null=True)),
                ("operator_code", fields.CharField(max_length=8)),
                ("tag", fields.CharField(max_length=100)),
                ("timezone", fields.CharField(max_length=64)),
                ("status", fields.CharEnumField(db_default="PENDING", enum_type=MessageStatus, max_length=16)),
                ("uncertain", fields.BooleanField(db_default=False)),
                ("attempts", fields.IntField(db_default=0)),
                ("crashes", fields.IntField(db_default=0)),
                ("due_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("lease_token", fields.BigIntField(null=True)),
                ("reason", fields.CharField(null=True, max_length=100)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message",
                "app": "mailing",
                "unique_together": (("mailing_id", "client_id"),),
                "pk_attr": "id",
                "table_description": "One text to one client each",
            },
            bases=["Model"],
        ),
        *(ops.RunSQL((SQL / name).read_text()) for name in ("0001_engine.sql", "window_is_open.sql")),
    ]
