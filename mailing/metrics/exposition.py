"""What one process shows, in the text format of Prometheus.

Each process shows what it has counted itself, and is a target of its own. Several that stand behind one address
(`uvicorn --workers`) share a folder instead, PROMETHEUS_MULTIPROC_DIR, and each shows the sums of all.
"""

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    multiprocess,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from mailing.metrics import channel, graphql, jobs, lives, process, progress, retention, sending, sweeping
from mailing.version import version


class Role(StrEnum):
    """What a process is."""

    API = "api"
    WORKER = "worker"
    SCHEDULER = "scheduler"


AREAS: dict[Role, tuple[CollectorRegistry, ...]] = {
    Role.API: (process.area, jobs.sent, progress.area, graphql.area),
    Role.WORKER: (
        process.area,
        jobs.sent,
        jobs.done,
        progress.area,
        lives.area,
        sending.area,
        channel.area,
    ),
    Role.SCHEDULER: (process.area, jobs.sent, progress.area, lives.area, sweeping.area, retention.area),
}
"""What each shows. A worker that does without the queue starts and ends mailings, too, as the scheduler does."""


class Exposition:
    """The metrics of this process, or of the family that shares PROMETHEUS_MULTIPROC_DIR."""

    def __init__(self, role: Role, further: Iterable[Collector] = ()) -> None:
        """`further` are read with every page, and shown beside the rest."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # A series more for each counter, which nobody reads.
        self.role = role
        self._registry = CollectorRegistry()
        folder = shared_folder()
        self._shared = Path(folder) if folder else None
        if folder:
            multiprocess.MultiProcessCollector(self._registry, folder)  # type: ignore[no-untyped-call]
        else:
            for area in AREAS[role]:
                self._registry.register(area)
            for of_the_interpreter in (ProcessCollector, PlatformCollector, GCCollector):
                of_the_interpreter(registry=self._registry)
        for collector in further:
            self._registry.register(collector)
        process.INFO.labels(role.value, version()).set(1)

    def page(self, accept: str = "") -> tuple[str, bytes]:
        """Content type and content, in the form that `accept` asks for: plain text, or OpenMetrics."""
        if self._shared is not None:
            forget_the_dead(self._shared)
        encode, content_type = choose_encoder(accept)
        return content_type, encode(self._registry)

    def close(self) -> None:
        """What this process held at this moment, it holds no longer; what it counted stays counted."""
        if self._shared is not None:
            multiprocess.mark_process_dead(os.getpid(), str(self._shared))  # type: ignore[no-untyped-call]


def shared_folder() -> str | None:
    """Where several processes behind one address keep their figures; None: this one stands alone."""
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR") or None


def forget_the_dead(folder: Path) -> None:
    """Remove what processes that were killed held: they cannot take their sockets and connections back themselves."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*.db")}:
        if not Path(f"/proc/{pid}").exists():
            multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
