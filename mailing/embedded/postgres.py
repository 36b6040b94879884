"""The embedded PostgreSQL server."""

import signal
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from mailing.embedded.binaries import postgres_programs
from mailing.embedded.leftover import StopSteps, stop_leftover
from mailing.embedded.postgres_cluster import DATABASE, ROLE, ensure_cluster
from mailing.embedded.postgres_settings import settings
from mailing.embedded.server import EmbeddedServer


class PostgresServer(EmbeddedServer):
    """A private PostgreSQL cluster in `data_dir`, reachable over a Unix socket only.

    `fast` gives up surviving a power cut, for tests.
    """

    name = "PostgreSQL"
    # The port is only a part of this name here. It is the one that every client takes by default.
    socket_name = ".s.PGSQL.5432"
    # A fast shutdown; an immediate one, after which the next start replays the log; none at all.
    stop_steps: ClassVar[StopSteps] = ((signal.SIGINT, 30), (signal.SIGQUIT, 6), (signal.SIGKILL, 5))

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        super().__init__(data_dir)
        self._fast = fast

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}@/{DATABASE}?host={quote(str(self.socket_folder), safe='/')}"

    def prepare(self) -> list[str]:
        programs = postgres_programs(self._account)
        ensure_cluster(self._cluster, programs, self._account, fast=self._fast)
        self._end_leftover()
        options = settings(self.socket_folder, self._logs_by_day, fast=self._fast)
        return [str(programs / "postgres"), "-D", str(self._cluster), *options]

    def is_ready(self) -> bool:
        lines = self._pid_file()
        return self.pid is not None and lines[:1] == [str(self.pid)] and lines[7:8] == ["ready"]

    def logs(self) -> list[Path]:
        return [*super().logs(), *self._logs_by_day.glob("*.log")]

    @property
    def _cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def _logs_by_day(self) -> Path:
        return self._cluster / "log"

    def _pid_file(self) -> list[str]:
        """Lines of postmaster.pid: the process first, its state eighth (PostgreSQL: utils/pidfile.h)."""
        try:
            return [line.strip() for line in (self._cluster / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _end_leftover(self) -> None:
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return
        pid = int(lines[0])
        stop_leftover(pid, program="postgres", working_directory=self._cluster, steps=self.stop_steps)
        if Path(f"/proc/{pid}").exists():
            # The number belongs to another program by now, which PostgreSQL would take for a running server.
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)
