"""Jobs on their way to the queue."""

import contextlib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from redis.asyncio import Redis
from structlog.testing import capture_logs

from mailing import jobs
from mailing.embedded.valkey import ValkeyServer
from mailing.jobs import Job
from mailing.origin import Origin, arising_from
from tasks import sending
from tasks.broker import make_broker
from tasks.sending import ORIGIN, QueueAwayError, through
from tests.waiting import until


@pytest.fixture
def broker(redis: "Redis", valkey: ValkeyServer) -> Iterator[RedisBroker]:
    broker = make_broker(valkey.url)
    yield broker
    broker.close()


async def queued(redis: "Redis", queue: str) -> list[dramatiq.Message[None]]:
    raws: list[bytes] = await redis.hvals(f"mailing:{queue}.msgs")  # type: ignore[assignment]  # nothing is decoded
    return [dramatiq.Message.decode(raw) for raw in raws]


async def test_a_job_becomes_a_message_for_the_actor_of_its_name(redis: "Redis", broker: RedisBroker) -> None:
    # When
    await through(broker)(Job("mailing.pump", 7))

    # Then
    (message,) = await queued(redis, "sending")
    assert (message.actor_name, message.args, message.kwargs) == ("mailing.pump", (7,), {})
    assert await queued(redis, "sending.DQ") == []


async def test_a_job_takes_along_what_it_arises_from(redis: "Redis", broker: RedisBroker) -> None:
    # When
    with arising_from(Origin("5f0c", "alice")):
        await through(broker)(Job("mailing.pump", 7))

    # Then
    (message,) = await queued(redis, "sending")
    assert message.options[ORIGIN] == {"operation_id": "5f0c", "user": "alice", "traceparent": None}


async def test_a_job_is_told_by_the_time_before_it_reaches_the_queue_since_a_worker_may_begin_at_once(
    redis: "Redis", broker: RedisBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    reached: list[datetime] = []
    monkeypatch.setattr(broker, "enqueue", lambda *args, **options: reached.append(datetime.now(UTC)))

    # When
    with capture_logs() as logs:
        await through(broker)(Job("mailing.pump", 7))

    # Then
    ((told, moment),) = [(log["event"], log["timestamp"]) for log in logs]
    assert told == "job.sent"
    assert moment < reached[0]


@pytest.mark.parametrize(
    ("delay", "seconds"), [(timedelta(seconds=20), 20), (timedelta(seconds=60), 60), (timedelta(hours=1), 60)]
)
async def test_a_delay_is_kept_and_is_a_minute_at_most(
    redis: "Redis", broker: RedisBroker, delay: timedelta, seconds: float
) -> None:
    # When
    before = time.time()
    await through(broker)(Job("mailing.start", 7, delay=delay))

    # Then
    (message,) = await queued(redis, "mailing.DQ")
    assert message.args == (7,)
    assert before + seconds - 0.01 <= message.options["eta"] / 1_000 <= time.time() + seconds
    assert await queued(redis, "mailing") == []


async def test_a_queue_that_is_away_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep wakes hundreds: each wait for a queue that swallows everything would keep mailings from ending."""
    # Given a queue that accepts connections, and never answers: it is waited for once, and then left alone
    assert (sending._LONGEST_WAIT_SECONDS, sending._LEAVE_ALONE_SECONDS) == (1, 5)
    monkeypatch.setattr(sending, "_LEAVE_ALONE_SECONDS", 3_600)
    waits: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker = make_broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        enqueue = broker.enqueue

        def note(message: dramatiq.Message[None], *, delay: int | None = None) -> dramatiq.Message[None]:
            waits.append(message.args[0])
            return enqueue(message, delay=delay)

        monkeypatch.setattr(broker, "enqueue", note)
        jobs.send_through(through(broker))

        # When
        for mailing_id in range(200):
            await jobs.enqueue(Job("mailing.pump", mailing_id))

        # Then
        assert waits == [0]
        jobs.send_through(None)
    broker.close()


async def test_a_queue_that_is_back_is_used_again(
    redis: "Redis", broker: RedisBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a queue that has failed
    monkeypatch.setattr(sending, "_LEAVE_ALONE_SECONDS", 0.05)
    send = through(broker)
    with monkeypatch.context() as patch:
        patch.setattr(broker, "enqueue", _fail)
        with pytest.raises(ConnectionResetError):
            await send(Job("mailing.pump", 7))

    # Then it is left alone for a moment
    with pytest.raises(QueueAwayError):
        await send(Job("mailing.pump", 7))

    async def it_takes_one() -> bool:
        with contextlib.suppress(QueueAwayError):
            await send(Job("mailing.pump", 7))
        return len(await queued(redis, "sending")) == 1

    await until(it_takes_one)


def _fail(*_: object, **__: object) -> None:
    raise ConnectionResetError
