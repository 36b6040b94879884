"""A customer who can be texted."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class Client(Model):
    """One phone, one client. Deleting removes the row, for it is personal data."""

    id = fields.BigIntField(primary_key=True)
    phone = fields.BigIntField(unique=True)
    """7XXXXXXXXXX as a number, which is how the provider takes it."""
    operator_code = fields.CharField(max_length=8)
    tag = fields.CharField(max_length=100, default="")
    timezone = fields.CharField(max_length=64)
    """An IANA name, checked when written."""
    created_at = fields.DatetimeField(db_default=Now())
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "client"
        table_description = "Customers who can be texted"
