"""One text to one client: the unit that is never lost."""

from enum import StrEnum

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class MessageStatus(StrEnum):
    """Where a message stands; which may follow which is in `mailing.delivery.lifecycle`."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    UNCONFIRMED = "UNCONFIRMED"
    CANCELLED = "CANCELLED"


class Message(Model):
    """Holds what was known of the client when the mailing selected it, so that statistics outlive the client.

    There are no foreign keys on purpose: a client may be deleted under its messages, and a check for each of a
    million rows would double the cost of a start. `status` is what is stored; once the mailing is closed, a
    row that says PENDING means something else (`mailing.messages.status`).
    """

    id = fields.BigIntField(primary_key=True)
    """The provider's msgId in every try."""
    mailing_id = fields.BigIntField()
    client_id = fields.BigIntField()
    phone = fields.BigIntField(null=True)
    """Null once the client is deleted: nothing can be sent any more."""
    operator_code = fields.CharField(max_length=8)
    tag = fields.CharField(max_length=100)
    timezone = fields.CharField(max_length=64)
    status = fields.CharEnumField(MessageStatus, max_length=16, db_default=MessageStatus.PENDING.value)
    uncertain = fields.BooleanField(db_default=False)
    """A try was handed over and its answer lost: the provider may have the message."""
    attempts = fields.IntField(db_default=0)
    crashes = fields.IntField(db_default=0)
    """How often a worker died while it held this message."""
    due_at = fields.DatetimeField(db_default=Now())
    """Not before this moment: the first try, or the next one after a failure. The window comes on top."""
    lease_token = fields.BigIntField(null=True)
    """While SENDING: the token of the slot whose worker holds it."""
    reason = fields.CharField(max_length=100, null=True)
    """Why it FAILED or is uncertain (or was CANCELLED); short, so that it can be grouped."""
    created_at = fields.DatetimeField(db_default=Now())
    sent_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    """When the row got its final status. Null while it has none, also where the closing of its mailing ended it."""

    class Meta:
        table = "message"
        table_description = "One text to one client each"
        unique_together = (("mailing_id", "client_id"),)
