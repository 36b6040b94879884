"""Shares pumps out among worker processes.

A pump keeps a thread, and a good part of a core, busy for seconds, and Dramatiq's consumer takes all jobs that it
finds with one command. So whichever process asked first would send a whole mailing while the others idle, and once
its threads are all pumps, nothing else would get one.
"""

import time
from collections import Counter, OrderedDict
from typing import Any, NamedTuple

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from tasks.patience import PatientBroker, PatientConsumer

SENDING = "sending"
"""The queue of the pumps. All other jobs are short, and are not kept waiting by it."""

RESERVED_THREADS = 4
"""So many threads of a process are never pumps."""

MOST_TIMES_PASSED_ON = 2
PASSED_ON_SECONDS = 0.1
"""How long a pump that was passed on is left to other processes: long enough for an idle one to take it."""

_REMEMBERED = 1_000
_COME_ROUND_SECONDS = 0.02


class _Passes(NamedTuple):
    """Of a pump that was passed on."""

    times: int
    left_until: float
    """So long others have time to take it."""


class SharingConsumer(PatientConsumer):
    """Takes one pump at a time, and passes it on while its process works on the same mailing already.

    A pump is passed on once for each pump of its mailing in hand, at most twice: a process that is alone gets all of
    them within a second. Pumps of other mailings are taken at once, up to `most` in hand.
    """

    def __init__(self, broker: RedisBroker, queue_name: str, most: int, timeout: int) -> None:
        super().__init__(broker, queue_name, most, timeout)  # type: ignore[no-untyped-call]
        self._most = most
        self._in_hand: Counter[int] = Counter()
        self._passed_on: OrderedDict[str, _Passes] = OrderedDict()

    def __next__(self) -> dramatiq.MessageProxy | None:
        self.prefetch = min(self._most, self.outstanding_message_count + 1)
        message: dramatiq.MessageProxy | None = super().__next__()  # type: ignore[no-untyped-call]
        if message is None:
            return None
        if self._is_left_to_others(message):
            # It has come round, so the queue holds nothing else: there is no hurry, and others have time to take it.
            self._put_back(message)
            time.sleep(_COME_ROUND_SECONDS)
            return None
        if self._is_to_be_passed_on(message):
            self._leave_to_others(message)
            self._put_back(message)
            return None
        self._passed_on.pop(message.message_id, None)
        self._in_hand[message.args[0]] += 1
        return message

    def ack(self, message: Any) -> None:
        self._let_go(message)
        super().ack(message)

    def nack(self, message: Any) -> None:
        self._let_go(message)
        super().nack(message)

    def _is_left_to_others(self, message: dramatiq.MessageProxy) -> bool:
        return time.monotonic() < self._passes_of(message).left_until

    def _is_to_be_passed_on(self, message: dramatiq.MessageProxy) -> bool:
        return self._passes_of(message).times < min(self._in_hand[message.args[0]], MOST_TIMES_PASSED_ON)

    def _passes_of(self, message: dramatiq.MessageProxy) -> _Passes:
        return self._passed_on.get(message.message_id, _Passes(0, 0.0))

    def _leave_to_others(self, message: dramatiq.MessageProxy) -> None:
        times = self._passes_of(message).times + 1
        self._passed_on[message.message_id] = _Passes(times, time.monotonic() + PASSED_ON_SECONDS)
        if len(self._passed_on) > _REMEMBERED:
            # Most were taken by other processes; forgetting one early only passes it on once more.
            self._passed_on.popitem(last=False)

    def _put_back(self, message: dramatiq.MessageProxy) -> None:
        self.queued_message_ids.discard(message.message_id)
        self.requeue([message])  # type: ignore[no-untyped-call]

    def _let_go(self, message: Any) -> None:
        self._in_hand[message.args[0]] -= 1
        if self._in_hand[message.args[0]] <= 0:
            del self._in_hand[message.args[0]]


class SharingBroker(PatientBroker):
    """A broker whose worker processes share out pumps."""

    def close(self) -> None:
        """End its connections. Dramatiq's own leaves them to the garbage collector."""
        super().close()
        self.client.close()

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> PatientConsumer:
        if queue_name != SENDING:
            return super().consume(queue_name, prefetch, timeout)
        return SharingConsumer(self, queue_name, max(1, prefetch - RESERVED_THREADS), timeout)
