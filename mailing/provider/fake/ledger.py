"""What the fake provider took: the truth that tests compare the service with."""

from array import array
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from time import time
from typing import Any

MOST_REPEATED_IDS = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted message; `arrived_at` is by the fake's own clock, in seconds since 1970."""

    id: int
    phone: int
    text: str
    arrived_at: float


class Ledger:
    """Every accepted message in the order of arrival. Takes about 100 bytes for each; equal texts are held once.

    `repeated` counts requests for an id that had been accepted before, `dropped` those of them that were answered
    with OK but not accepted again: accepted == unique + repeated - dropped, always.
    """

    def __init__(self) -> None:
        self.requests = 0
        """Sends that arrived, whatever came of them."""
        self.dropped = 0
        self.answered: Counter[int] = Counter()
        """How many sends were answered with each HTTP status."""
        self.unanswered: Counter[str] = Counter()
        """How many sends were never answered, by why."""
        self._taken: set[int] = set()
        self._repeats: Counter[int] = Counter()
        self._ids = array("q")
        self._phones = array("q")
        self._arrivals = array("d")
        self._texts = array("l")
        self._text_numbers: dict[str, int] = {}

    @property
    def accepted(self) -> int:
        return len(self._ids)

    @property
    def unique(self) -> int:
        return len(self._taken)

    @property
    def repeated(self) -> int:
        return self._repeats.total()

    def record(self, message_id: int, phone: int, text: str, *, drop_repeats: bool) -> None:
        """Note a message that the provider takes, or drops because it took this id before."""
        if message_id in self._taken:
            self._repeats[message_id] += 1
            if drop_repeats:
                self.dropped += 1
                return
        self._taken.add(message_id)
        self._ids.append(message_id)
        self._phones.append(phone)
        self._arrivals.append(time())
        self._texts.append(self._text_numbers.setdefault(text, len(self._text_numbers)))

    def entries(self, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Accepted messages in the order of arrival, without the first `after`, at most `limit`."""
        chosen = slice(after, None if limit is None else after + limit)
        texts = list(self._text_numbers)
        return [
            Entry(message_id, phone, texts[text], arrived_at)
            for message_id, phone, text, arrived_at in zip(
                self._ids[chosen], self._phones[chosen], self._texts[chosen], self._arrivals[chosen], strict=True
            )
        ]

    def totals(self) -> dict[str, Any]:
        """The counts, and the first MOST_REPEATED_IDS ids that were sent again after they had been accepted."""
        return {
            "requests": self.requests,
            "accepted": self.accepted,
            "unique": self.unique,
            "repeated": self.repeated,
            "dropped": self.dropped,
            "repeated_ids": list(islice(self._repeats, MOST_REPEATED_IDS)),
            "answered": {str(status): count for status, count in sorted(self.answered.items())},
            "unanswered": dict(sorted(self.unanswered.items())),
        }
