"""The embedded Valkey server."""

import signal
import socket
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from mailing.embedded.account import make_private_folder
from mailing.embedded.binaries import valkey_program
from mailing.embedded.leftover import StopSteps, stop_leftover
from mailing.embedded.server import EmbeddedServer


class ValkeyServer(EmbeddedServer):
    """A private Valkey in `data_dir`, reachable over a Unix socket only.

    `persistent`: every write goes to a file that is synced once a second; otherwise an end forgets everything.
    It never evicts: a queue that silently loses entries is worse than one that refuses them.
    """

    name = "Valkey"
    socket_name = "valkey.sock"
    stop_steps: ClassVar[StopSteps] = ((signal.SIGTERM, 10), (signal.SIGKILL, 5))

    def __init__(self, data_dir: Path, *, persistent: bool) -> None:
        super().__init__(data_dir)
        self._persistent = persistent

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket), safe='/')}?db=0"

    def prepare(self) -> list[str]:
        program = valkey_program(self._account)
        make_private_folder(self._store, self._account)
        self._end_leftover()
        return [str(program), *self._settings()]

    def is_ready(self) -> bool:
        """While it still reads its file, it answers PING with an error."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    @property
    def _socket(self) -> Path:
        return self.socket_folder / self.socket_name

    @property
    def _store(self) -> Path:
        return self.home / "store"

    @property
    def _pid_file(self) -> Path:
        return self._store / "valkey.pid"

    def _settings(self) -> list[str]:
        chosen = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._store),
            "pidfile": str(self._pid_file),
            "save": "",
            "appendonly": "yes" if self._persistent else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        return [argument for name, value in chosen.items() for argument in (f"--{name}", value)]

    def _end_leftover(self) -> None:
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return
        stop_leftover(pid, program="valkey-server", working_directory=self._store, steps=self.stop_steps)
