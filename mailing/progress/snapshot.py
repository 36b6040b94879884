"""How far a mailing is at one moment, and how that travels between processes."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from mailing.models.mailing import MailingStatus

_ENDED = (MailingStatus.FINISHED, MailingStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class MailingProgress:
    """Counts of one snapshot of the database, as messages stand: never the sum of two moments."""

    mailing_id: int
    status: MailingStatus
    pending: int
    sending: int
    sent: int
    failed: int
    expired: int
    unconfirmed: int
    cancelled: int
    messages_per_second: float
    """Accepted, over the last ten seconds."""
    estimated_finish_at: datetime | None
    """If all goes on at that rate; None while nothing does, or nothing is left."""
    updated_at: datetime
    """The database's time of the snapshot: the later of two states of a mailing is the newer."""
    selection_over: bool
    """No message will be added."""
    revision: int
    """Of the mailing's values: another one is a change, although the counts are the same."""

    @property
    def total(self) -> int:
        """All messages: always the sum of the seven counts."""
        return (
            self.pending
            + self.sending
            + self.sent
            + self.failed
            + self.expired
            + self.unconfirmed
            + self.cancelled
        )  # fmt: skip

    @property
    def is_final(self) -> bool:
        """The counts will never change again."""
        return self.status in _ENDED and self.sending == 0 and self.selection_over

    def encode(self) -> bytes:
        """For the wire; `decode` is the inverse."""
        return orjson.dumps(self)

    @classmethod
    def decode(cls, encoded: bytes | str) -> "MailingProgress":
        """Raises ValueError, KeyError or TypeError for anything but what `encode` of this version wrote."""
        fields = orjson.loads(encoded)
        fields["status"] = MailingStatus(fields["status"])
        fields["updated_at"] = datetime.fromisoformat(fields["updated_at"])
        if fields["estimated_finish_at"] is not None:
            fields["estimated_finish_at"] = datetime.fromisoformat(fields["estimated_finish_at"])
        return cls(**fields)
