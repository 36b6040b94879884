"""How worker processes share out the jobs."""

import threading
import time
from collections.abc import Iterator

import dramatiq
import pytest
from redis.asyncio import Redis

from mailing.embedded.valkey import ValkeyServer
from tasks import sharing
from tasks.broker import QUEUES, make_broker
from tasks.sharing import RESERVED_THREADS, SENDING, SharingBroker


@pytest.fixture
def brokers(valkey: ValkeyServer, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SharingBroker]]:
    """The queue as two processes see it, empty."""
    monkeypatch.setattr(sharing, "PASSED_ON_SECONDS", 0)
    both = [make_broker(valkey.url), make_broker(valkey.url)]
    yield both
    for broker in both:
        broker.close()


def put(broker: SharingBroker, *mailing_ids: int) -> None:
    for mailing_id in mailing_ids:
        broker.enqueue(dramatiq.Message(SENDING, "mailing.pump", (mailing_id,), {}, {}))


def consumers(brokers: list[SharingBroker]) -> list[dramatiq.Consumer]:
    return [broker.consume(SENDING, prefetch=16, timeout=1) for broker in brokers]


def take(consumer: dramatiq.Consumer) -> dramatiq.MessageProxy | None:
    return next(consumer)


def taken_by(consumer: dramatiq.Consumer, looks: int) -> list[int | None]:
    """What it takes when it looks so many times."""
    return [None if (message := take(consumer)) is None else message.args[0] for _ in range(looks)]


def test_the_pumps_of_a_mailing_go_to_processes_that_do_not_work_on_it_yet(brokers: list[SharingBroker]) -> None:
    # Given
    first, second = consumers(brokers)
    put(brokers[0], 7, 7)

    # When / Then: the first takes one and passes the other on, and the second takes that
    assert taken_by(first, 2) == [7, None]
    assert taken_by(second, 1) == [7]


def test_a_process_alone_takes_all_of_them_in_the_end(brokers: list[SharingBroker]) -> None:
    # Given
    alone, _ = consumers(brokers)
    put(brokers[0], 7, 7, 7)

    # When / Then: the second after one pass, the third after two
    assert [mailing for mailing in taken_by(alone, 8) if mailing] == [7, 7, 7]


def test_pumps_of_other_mailings_are_taken_at_once(brokers: list[SharingBroker]) -> None:
    # Given
    alone, _ = consumers(brokers)
    put(brokers[0], 1, 2, 3)

    # When / Then
    assert taken_by(alone, 3) == [1, 2, 3]


def test_pumps_never_take_all_threads_of_a_process(brokers: list[SharingBroker]) -> None:
    # Given: more mailings than it has threads
    alone, _ = consumers(brokers)
    put(brokers[0], *range(1, 30))

    # When
    taken = [mailing for mailing in taken_by(alone, 40) if mailing]

    # Then
    assert len(taken) == 16 - RESERVED_THREADS


def test_starts_and_removals_do_not_wait_in_the_queue_of_the_pumps() -> None:
    assert QUEUES == {"mailing.start": "mailing", "mailing.remove": "mailing", "mailing.pump": SENDING}


def test_a_pump_that_is_done_no_longer_counts(brokers: list[SharingBroker]) -> None:
    # Given
    alone, _ = consumers(brokers)
    put(brokers[0], 7)
    done = take(alone)
    assert done is not None

    # When
    alone.ack(done)
    put(brokers[0], 7)

    # Then
    assert taken_by(alone, 1) == [7]


def test_an_idle_process_finds_what_a_busy_one_passes_on(
    brokers: list[SharingBroker], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process that works on the mailing, and asks for more all the time
    monkeypatch.setattr(sharing, "PASSED_ON_SECONDS", 0.3)
    busy, idle = consumers(brokers)
    put(brokers[0], 7)
    assert taken_by(busy, 1) == [7]
    stop = threading.Event()
    taken_by_busy: list[int | None] = []

    def keep_asking() -> None:
        while not stop.is_set():
            taken_by_busy.extend(taken_by(busy, 1))

    asking = threading.Thread(target=keep_asking)
    asking.start()

    # When another one asks now and then
    put(brokers[1], 7)
    found: list[int | None] = []
    for _ in range(5):
        time.sleep(0.03)
        found += taken_by(idle, 1)
    stop.set()
    asking.join()

    # Then
    assert 7 in found
    assert 7 not in taken_by_busy
