"""The worker process: one Dramatiq worker, watched, and stopped with care.

One process, one worker: Dramatiq's own command line ends all its worker processes when one dies. Who starts
several (`mailing up`, Kubernetes, systemd) starts this several times.
"""

import os
import signal
import threading

import structlog
from dramatiq import Worker
from dramatiq.middleware import MiddlewareError

from mailing.niceness import add_niceness
from mailing.settings import CLOSE_SECONDS, Settings
from tasks.actors import mailing as mailing_actors
from tasks.broker import make_broker
from tasks.middleware import Connections, middlewares
from tasks.runtime import Runtime

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0
_PICK_UP_MS = 100
"""How long an idle consumer waits before it asks for messages again: the most that a wake-up is late."""


def run(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT, then finish what is in flight; the exit status.

    Not 0 where it cannot start, where one of its threads has died, or where a server that hangs kept it from finishing:
    whoever supervises it starts it again.
    """
    assert settings.redis_url is not None, "the command line checks it"
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    add_niceness(settings.worker_niceness)
    connections = Connections(settings)
    broker = make_broker(settings.redis_url, middlewares(connections))
    mailing_actors.declare(broker, lambda: _running(connections))
    worker = Worker(broker, worker_threads=settings.worker_threads, worker_timeout=_PICK_UP_MS)
    # No message waits in a process that is busy while another is idle.
    worker.queue_prefetch = settings.worker_threads
    try:
        worker.start()
    except MiddlewareError as e:
        log.error("worker.cannot_start", error=str(e))
        os._exit(1)  # The event loop's thread would keep the process up.
    log.info("worker.started", threads=settings.worker_threads)

    while not stop.wait(_LOOK_SECONDS):
        if dead := dead_threads(worker):
            log.critical("worker.thread_died", threads=dead)
            os._exit(1)
    log.info("worker.stopping")
    _running(connections).engine.stopping = True
    _end_after(settings.drain_seconds)
    worker.stop(timeout=int((settings.drain_seconds - CLOSE_SECONDS) * 1000))
    broker.close()
    log.info("worker.stopped")
    return 0


def dead_threads(worker: Worker) -> list[str]:
    """Names of threads without which the worker only looks alive.

    A consumer's thread ends for good when Redis answers it with an error at the wrong moment.
    """
    return [thread.name for thread in [*worker.consumers.values(), *worker.workers] if not thread.is_alive()]


def _end_after(seconds: float) -> None:
    """End the process if it is still there by then: what it could not write is taken back when its leases end."""

    def end() -> None:
        log.error("worker.cut_short", after_seconds=seconds)
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _running(connections: Connections) -> Runtime:
    assert connections.runtime is not None, "actors run after the boot"
    return connections.runtime
