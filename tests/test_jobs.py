"""Wake-ups that a queue refuses."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from mailing import jobs
from mailing.jobs import Job
from mailing.metrics.jobs import sent
from tests.metrics.rises import Rises


class Queue:
    """Takes jobs, or refuses them."""

    def __init__(self) -> None:
        self.away = False
        self.jobs: list[Job] = []

    async def send(self, job: Job) -> None:
        if self.away:
            raise ConnectionRefusedError("no queue")
        self.jobs.append(job)


@pytest.fixture
def queue() -> Iterator[Queue]:
    queue = Queue()
    jobs.send_through(queue.send)
    yield queue
    jobs.send_through(None)


async def test_a_queue_that_is_away_is_told_once_however_many_jobs_it_refuses(queue: Queue) -> None:
    # Given
    queue.away = True

    # When
    with capture_logs() as logs:
        for mailing_id in range(7, 107):
            await jobs.enqueue(Job("mailing.pump", mailing_id))
        queue.away = False
        await jobs.enqueue(Job("mailing.start", 7))

    # Then
    error = "ConnectionRefusedError('no queue')"
    first, over = logs
    assert first == {
        "event": "job.not_sent", "log_level": "warning", "error": error, "job": "mailing.pump", "mailing_id": 7
    }  # fmt: skip
    assert (over["event"], over["log_level"]) == ("job.not_sent.over", "info")
    assert queue.jobs == [Job("mailing.start", 7)]


async def test_jobs_are_counted_by_whether_the_queue_took_them(queue: Queue) -> None:
    # Given
    rises = Rises(sent)

    # When
    await jobs.enqueue(Job("mailing.pump", 7))
    queue.away = True
    await jobs.enqueue(Job("mailing.pump", 7))
    await jobs.enqueue(Job("mailing.pump", 8))

    # Then
    assert rises.of("mailing_jobs_sent_total", task="mailing.pump", outcome="sent") == 1
    assert rises.of("mailing_jobs_sent_total", task="mailing.pump", outcome="refused") == 2
