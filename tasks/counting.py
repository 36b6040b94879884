"""Counts the jobs of a worker, and how long they lay in the queue."""

import threading
import time
from typing import Any

import dramatiq
from dramatiq.broker import MessageProxy

from mailing.metrics.jobs import DURATION_SECONDS, WAIT_SECONDS


class CountJobs(dramatiq.Middleware):
    """Stands around all that a job does. A job that is retried is counted with every try."""

    def __init__(self) -> None:
        # A thread runs one job at a time.
        self._of_thread = threading.local()

    def before_process_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        self._of_thread.began = time.monotonic()
        if "eta" not in message.options:
            seconds = time.time() - message.message_timestamp / 1000
            # The clocks of two machines may differ.
            WAIT_SECONDS.labels(message.actor_name).observe(max(0.0, seconds))

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        outcome = "done" if exception is None else "failed"
        seconds = time.monotonic() - self._of_thread.began
        DURATION_SECONDS.labels(message.actor_name, outcome).observe(seconds)
