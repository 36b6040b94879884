"""The supervisor: one loop over a handful of processes, without threads."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mailing.child_process import describe_exit
from mailing.supervisor.backoff import Backoff
from mailing.supervisor.supervised import PartFailedError, StopRequestedError, Supervised

POLL_SECONDS = 0.05

# All layers but the first share the one, the first has the other; with what a kill takes, all end in less than 10 s.
STOP_PATIENCE_SECONDS = 6.5
FOUNDATION_PATIENCE_SECONDS = 2


@dataclass(slots=True)
class _Watched:
    part: Supervised
    started_at: float
    backoff: Backoff = field(default_factory=Backoff)
    restart_at: float | None = None


class Supervisor:
    """Starts layers of parts, each on top of the one before, keeps every part running, and stops all.

    `report` takes a line for the person at the terminal. Call everything from one thread, the one that lives longest:
    the children die with it. `request_stop()` alone may be called from a signal handler.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._layers: list[list[_Watched]] = []
        self._stop_requested = False

    def request_stop(self) -> None:
        self._stop_requested = True

    def start(self, parts: Sequence[Supervised], timeout_seconds: float = 60, *, steady_seconds: float = 0) -> None:
        """Start a layer: all its parts together; wait until each is ready, and for `steady_seconds` more.

        Raises PartFailedError if one ends in between or is not ready in that time, StopRequestedError if a stop was
        requested.
        Either way `stop()` is due.
        """
        deadline = time.monotonic() + timeout_seconds
        layer: list[_Watched] = []
        self._layers.append(layer)
        for part in parts:
            self._check_stop()
            part.launch()
            layer.append(_Watched(part, time.monotonic()))
        for part in parts:
            self._wait_until_ready(part, deadline)
        self._watch_first_steps(parts, steady_seconds)

    def run(self, part: Supervised) -> None:
        """Run a program to its end. Raises PartFailedError if it fails, StopRequestedError as above."""
        part.launch()
        self._layers.append([_Watched(part, time.monotonic())])
        while (status := part.exit_code()) is None:
            self._pause()
        self._layers.pop()
        if status != 0:
            raise PartFailedError(part.name, f"failed: {describe_exit(status)}", part.last_words())

    def watch(self) -> None:
        """Start again whatever ends, until a stop is requested."""
        while not self._stop_requested:
            for layer in self._layers:
                for watched in layer:
                    self._look_after(watched)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End all parts, the last layer first, each layer's parts together. Leaves no process."""
        deadline = time.monotonic() + STOP_PATIENCE_SECONDS
        while self._layers:
            layer = [watched.part for watched in self._layers.pop()]
            if not self._layers:
                deadline = time.monotonic() + FOUNDATION_PATIENCE_SECONDS
            self._stop_layer(layer, deadline)

    def _look_after(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.restart_at is not None:
            if now >= watched.restart_at:
                self._restart(watched)
        elif (status := watched.part.exit_code()) is not None:
            self._put_off(watched, describe_exit(status))

    def _restart(self, watched: _Watched) -> None:
        watched.started_at = time.monotonic()
        watched.restart_at = None
        try:
            watched.part.launch()
        except Exception as e:
            # Whatever it is, the other parts must keep running.
            self._put_off(watched, str(e))
        else:
            self._report(f"{watched.part.name} is started again")

    def _put_off(self, watched: _Watched, why: str) -> None:
        now = time.monotonic()
        wait = watched.backoff.seconds_after(now - watched.started_at)
        watched.restart_at = now + wait
        self._report(f"{watched.part.name} ended ({why}); starting it again in {wait:g} s")

    def _stop_layer(self, parts: Sequence[Supervised], deadline: float) -> None:
        for part in parts:
            part.terminate()
        for part in parts:
            while part.exit_code() is None and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
        for part in parts:
            if part.exit_code() is None:
                self._report(f"{part.name} does not stop by itself: killing it")
                part.kill()
        for part in parts:
            while part.exit_code() is None:
                time.sleep(POLL_SECONDS)
            part.tidy()

    def _wait_until_ready(self, part: Supervised, deadline: float) -> None:
        while not part.is_ready():
            _check_alive(part)
            if time.monotonic() > deadline:
                raise PartFailedError(part.name, "did not start: it runs, but does not answer")
            self._pause()

    def _watch_first_steps(self, parts: Sequence[Supervised], seconds: float) -> None:
        steady_at = time.monotonic() + seconds
        while time.monotonic() < steady_at:
            for part in parts:
                _check_alive(part)
            self._pause()

    def _pause(self) -> None:
        self._check_stop()
        time.sleep(POLL_SECONDS)

    def _check_stop(self) -> None:
        if self._stop_requested:
            raise StopRequestedError


def _check_alive(part: Supervised) -> None:
    if (status := part.exit_code()) is not None:
        raise PartFailedError(part.name, f"did not start: {describe_exit(status)}", part.last_words())
