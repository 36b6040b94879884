"""Shares pumps out among worker processes.

Dramatiq's consumer takes all that it finds with one command. A mailing's pumps are queued together, and each keeps a
core busy for seconds: whichever process asked first would send the whole mailing while the others idle.
"""

import time
from collections import Counter, OrderedDict
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.common import q_name

PUMP = "mailing.pump"

MOST_TIMES_PASSED_ON = 2
PASSED_ON_SECONDS = 0.1
"""How long a process that passed a job on waits before it looks again: long enough for an idle one to take it."""

_REMEMBERED = 1_000


class SharingConsumer(_RedisConsumer):
    """Takes one job at a time, and passes a pump on while its process works on the same mailing already.

    A pump is passed on once for each pump of its mailing in hand, at most twice: a process that is alone gets all of
    them within a second. Pumps of other mailings, and all other jobs, are taken at once.
    """

    def __init__(self, broker: RedisBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, timeout)  # type: ignore[no-untyped-call]
        self._most = prefetch
        self._in_hand: Counter[int] = Counter()
        self._passed_on: OrderedDict[str, int] = OrderedDict()

    def __next__(self) -> dramatiq.MessageProxy | None:
        self.prefetch = min(self._most, self.outstanding_message_count + 1)
        message: dramatiq.MessageProxy | None = super().__next__()  # type: ignore[no-untyped-call]
        if message is None or message.actor_name != PUMP:
            return message
        if self._is_to_be_passed_on(message):
            self.queued_message_ids.discard(message.message_id)
            self.requeue([message])  # type: ignore[no-untyped-call]
            time.sleep(PASSED_ON_SECONDS)
            return None
        self._in_hand[message.args[0]] += 1
        return message

    def ack(self, message: Any) -> None:
        self._let_go(message)
        super().ack(message)  # type: ignore[no-untyped-call]

    def nack(self, message: Any) -> None:
        self._let_go(message)
        super().nack(message)  # type: ignore[no-untyped-call]

    def _is_to_be_passed_on(self, message: dramatiq.MessageProxy) -> bool:
        in_hand = self._in_hand[message.args[0]]
        times = self._passed_on.pop(message.message_id, 0)
        if times >= min(in_hand, MOST_TIMES_PASSED_ON):
            return False
        self._passed_on[message.message_id] = times + 1
        if len(self._passed_on) > _REMEMBERED:
            # Jobs that another process took; forgetting one early only passes it on once more.
            self._passed_on.popitem(last=False)
        return True

    def _let_go(self, message: Any) -> None:
        if message.actor_name == PUMP:
            self._in_hand[message.args[0]] -= 1
            if self._in_hand[message.args[0]] <= 0:
                del self._in_hand[message.args[0]]


class SharingBroker(RedisBroker):
    """A RedisBroker whose worker processes share out pumps."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> dramatiq.Consumer:
        if queue_name != q_name(queue_name):
            # Delayed jobs only wait in a process; they come to the queue when their time has come.
            return super().consume(queue_name, prefetch, timeout)
        return SharingConsumer(self, queue_name, prefetch, timeout)
