"""Which requests left, and what their pumps knew at that moment: by the order of things, however long they took."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from mailing.delivery.messages import Claimed, Terms
from mailing.delivery.rate_limit import Bucket
from mailing.delivery.senders import Senders
from mailing.provider.protocol import Answer, Outgoing
from tests.delivery.conftest import Worker

Permitted = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Departure:
    """One request."""

    message: Outgoing
    leave_within: float
    """For so many seconds it was allowed to wait for a connection."""
    at: float
    """A moment of the monotonic clock."""
    asked_at: float
    """When its pump asked the question to which the newest answer that it had was the answer; 0 for a probe."""


class Departures:
    """Stands between a worker's pumps and its provider, and notes."""

    def __init__(self, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
        self.all: list[Departure] = []
        self._provider = worker.engine.provider
        self._pump_of: dict[int, Senders] = {}
        self._asked_at: dict[Senders, float] = {}
        worker.engine.provider = self
        offer, allow = Senders.offer, Senders.allow

        def note_offer(senders: Senders, messages: Iterable[Claimed]) -> None:
            messages = list(messages)
            self._pump_of |= {message.id: senders for message in messages}
            offer(senders, messages)

        def note_allow(senders: Senders, terms: Terms, **given: Any) -> None:
            self._asked_at[senders] = given["asked_at"]
            allow(senders, terms, **given)

        monkeypatch.setattr(Senders, "offer", note_offer)
        monkeypatch.setattr(Senders, "allow", note_allow)

    def knowing(self, moment: float) -> list[Departure]:
        """Those whose pumps had asked after that moment of the monotonic clock, and been answered."""
        return [one for one in self.all if one.asked_at > moment]

    def moments(self, text: str | None = None) -> list[float]:
        """When they left, those with that text or all."""
        return [one.at for one in self.all if text in (None, one.message.text)]

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        assert leave_within is not None
        pump = self._pump_of.get(message.id)
        asked_at = 0.0 if pump is None else self._asked_at[pump]
        self.all.append(Departure(message, leave_within, time.monotonic(), asked_at))
        return await self._provider.send(message, leave_within=leave_within)

    async def close(self) -> None:
        await self._provider.close()


@pytest.fixture
def permitted(monkeypatch: pytest.MonkeyPatch) -> Permitted:
    """When requests were allowed to leave, by the monotonic clock and by the names of the limits that allowed it.

    That is what a limit is about: how long after that a request leaves is the machine's affair.
    """
    moments: defaultdict[str, list[float]] = defaultdict(list)
    take = Bucket.take

    def note(bucket: Bucket) -> bool:
        taken = take(bucket)
        if taken:
            moments[bucket._name].append(time.monotonic())
        return taken

    monkeypatch.setattr(Bucket, "take", note)
    return moments


@pytest.fixture
def departures(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Departures:
    """What leaves in the test."""
    return Departures(worker, monkeypatch)
