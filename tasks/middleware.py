"""What surrounds every actor. `middlewares` gives the list; its order is part of the design."""

import threading
from contextlib import ExitStack
from typing import Any

import dramatiq
import uvloop
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread, set_event_loop_thread
from dramatiq.broker import MessageProxy
from dramatiq.middleware import AsyncIO, MiddlewareError, Retries, ShutdownNotifications, TimeLimit
from structlog.contextvars import bound_contextvars

from mailing.delivery.spans import job_span
from mailing.origin import Origin, arising_from
from mailing.settings import Settings
from tasks.counting import CountJobs
from tasks.job_log import told
from tasks.runtime import Runtime
from tasks.sending import ORIGIN, through


class UvloopAsyncIO(AsyncIO):
    """Dramatiq's event loop thread, on uvloop: a third less CPU for each request to the provider."""

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        thread = EventLoopThread(self.logger)
        thread.loop.close()
        thread.loop = uvloop.new_event_loop()
        thread.start(timeout=5)
        set_event_loop_thread(thread)


class Connections(dramatiq.Middleware):
    """Opens the Runtime on the event loop before the first message, and closes it after the last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.runtime: Runtime | None = None

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        try:
            self.runtime = _run(Runtime.open(self._settings, through(broker)))
        except Exception as e:
            # Dramatiq swallows ordinary exceptions here; a worker without its database must not stay up.
            raise MiddlewareError(f"the worker cannot start: {e!r}") from e

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        if self.runtime is not None:
            _run(self.runtime.close())
            self.runtime = None


class Bearings(dramatiq.Middleware):
    """Lets a job arise from what the one that sent it arose from: every line that is logged while it runs, and its
    span, where tracing is on."""

    def __init__(self) -> None:
        # A thread runs one job at a time; what it binds goes with the job to the event loop.
        self._of_thread = threading.local()

    def before_process_message(self, broker: dramatiq.Broker, message: MessageProxy) -> None:
        name, mailing_id, origin = message.actor_name, message.args[0], Origin.of(message.options.get(ORIGIN))
        with ExitStack() as bearings:
            bearings.enter_context(bound_contextvars(job=name, mailing_id=mailing_id))
            bearings.enter_context(arising_from(origin))
            bearings.enter_context(told())
            bearings.enter_context(job_span(name, mailing_id, origin))
            self._of_thread.bearings = bearings.pop_all()

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        self._of_thread.bearings.__exit__(exception and type(exception), exception, None)


def middlewares(connections: Connections) -> list[dramatiq.Middleware]:
    """`before_*` hooks run in this order, `after_*` hooks in the reverse: what is first lives longest."""
    return [
        # The loop first: the connections are opened and closed on it.
        UvloopAsyncIO(),
        connections,
        Bearings(),
        # Outside Retries: each try counts as what it was.
        CountJobs(),
        # Failures of our own infrastructure only: failures of the provider never leave the pump.
        Retries(max_retries=3, min_backoff=500, max_backoff=15_000),
        # Inside Retries, so that a job that was cut short is tried again.
        TimeLimit(time_limit=600_000),
        ShutdownNotifications(),
    ]


def _run(coroutine: Any) -> Any:
    thread = get_event_loop_thread()
    assert thread is not None, "UvloopAsyncIO stands before Connections"
    return thread.run_coroutine(coroutine)
