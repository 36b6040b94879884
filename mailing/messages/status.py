"""What a stored status means once its mailing is closed: pure functions.

Closing a mailing writes one row, however many messages still wait: their rows keep saying PENDING and are read
through `mailing.closed_as` (EXPIRED or CANCELLED). One that the provider may already have is UNCONFIRMED instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mailing.models.message import MessageStatus

CLOSED_AS = (MessageStatus.EXPIRED, MessageStatus.CANCELLED)
"""What a mailing can be closed as."""


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Rows with this stored status; where `uncertain` is not None, only those with that mark."""

    status: MessageStatus
    uncertain: bool | None = None


def effective_status(stored: MessageStatus, *, uncertain: bool, closed_as: MessageStatus | None) -> MessageStatus:
    """Where the message stands."""
    if stored is not MessageStatus.PENDING or closed_as is None:
        return stored
    return MessageStatus.UNCONFIRMED if uncertain else closed_as


def stored_as(status: MessageStatus, closed_as: MessageStatus | None) -> tuple[StoredRows, ...]:
    """The inverse: the rows that stand at `status`. No row is in the answer for two statuses."""
    if closed_as is None:
        return (StoredRows(status),)
    if status is MessageStatus.PENDING:
        return ()
    if status is MessageStatus.UNCONFIRMED:
        return (StoredRows(status), StoredRows(MessageStatus.PENDING, uncertain=True))
    if status is closed_as:
        return (StoredRows(status), StoredRows(MessageStatus.PENDING, uncertain=False))
    return (StoredRows(status),)


def effective_counts(
    stored: Mapping[MessageStatus, int], *, uncertain: int, closed_as: MessageStatus | None
) -> dict[MessageStatus, int]:
    """Counts by stored status as counts by effective status: all seven, in the order of the enum.

    `uncertain` is how many of the pending carry that mark. Right whether or not the counters were moved when the
    mailing was closed, and for rows that came back to PENDING, or left it, after that.
    """
    counts = {status: stored[status] for status in MessageStatus}
    if closed_as is not None:
        counts[MessageStatus.UNCONFIRMED] += uncertain
        counts[closed_as] += counts[MessageStatus.PENDING] - uncertain
        counts[MessageStatus.PENDING] = 0
    return counts
