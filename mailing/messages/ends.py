"""The states in which a message is over."""

from collections.abc import Mapping

from mailing.models.message import MessageStatus

ENDS = (
    MessageStatus.SENT,
    MessageStatus.FAILED,
    MessageStatus.EXPIRED,
    MessageStatus.UNCONFIRMED,
    MessageStatus.CANCELLED,
)
"""All of them."""

Ended = Mapping[MessageStatus, int]
"""How many messages came to each end: all five, in the order of `ENDS`."""
