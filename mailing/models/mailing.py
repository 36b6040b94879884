"""A text, the clients it is for, and when it may be sent."""

from datetime import time
from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from mailing.models.local_time import LocalTimeField


class MailingStatus(StrEnum):
    """Where a mailing stands; which may follow which is in `mailing.delivery.lifecycle`."""

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"


class Mailing(Model):
    """The row that decides: what a worker may send is read from here, at claim and with every flush."""

    id = fields.BigIntField(primary_key=True)
    text = fields.TextField()
    text_version = fields.IntField(default=1)
    """Counts the edits of the text; attempts keep it, so that it is known who got which wording."""
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    operator_codes: list[str] = ArrayField("text", default=list)
    tags: list[str] = ArrayField("text", default=list)
    window_opens_at: time | None = LocalTimeField(null=True)
    window_closes_at: time | None = LocalTimeField(null=True)
    max_rate = fields.IntField(null=True)
    """Messages a second, all workers together."""

    status = fields.CharEnumField(MailingStatus, max_length=16, default=MailingStatus.SCHEDULED)
    revision = fields.IntField(default=1)
    """Rises with every change that a worker must see: text, window, end, rate, status."""
    selection_cursor = fields.BigIntField(default=0)
    """The highest client id that the selection of the audience has passed."""
    recheck_cursor = fields.BigIntField(null=True)
    """While a changed filter is applied to messages that exist already: the highest client id checked.

    Nothing is claimed until it is null again, so that nobody whom the new filter leaves out is texted.
    """
    selected_at = fields.DatetimeField(null=True)
    """When the audience was complete; null until then."""
    closed_as = fields.CharField(max_length=16, null=True)
    """Set once nothing more may be sent: what every row still PENDING has become (EXPIRED or CANCELLED).

    So that ending a million messages is one write: their rows keep saying PENDING, and are read through this.
    """
    origin: dict[str, str | None] | None = fields.JSONField(null=True)
    """The operation that created it, as `mailing.origin` has it: from it arises what is sent without being told to."""
    woken_at = fields.DatetimeField(null=True)
    """When the sweep last sent a wake-up for the selection or the removal, so that it does not send one a second."""
    started_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    """Set by deleting: gone from every answer at once, removed with its messages in the background."""
    messages_removed_at = fields.DatetimeField(null=True)
    """Set when it has been over for so long that its messages are kept no more: from then on no answer shows them.

    They are removed with their attempts in the background. What is counted of them stays as it is.
    """
    emptied_at = fields.DatetimeField(null=True)
    """When the last of them was removed, or it was seen that there had been none."""
    created_at = fields.DatetimeField(db_default=Now())
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "mailing"
        table_description = "Texts, whom they are for, and when they may be sent"
