"""Turning the signals that mean "stop" into a call."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# SIGHUP: the terminal was closed.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def on_stop_signal(stop: Callable[[], None]) -> Iterator[None]:
    """While this lasts, a stop signal calls `stop` and does nothing else. For the main thread only."""
    before = {which: signal.signal(which, lambda *_: stop()) for which in STOP_SIGNALS}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
