"""A port of a process's own for /metrics and /healthz, for those who watch it. Nobody has to sign in there."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

SILENT_SECONDS = 10.0
"""An event loop that has not come round for so long is stuck."""

_LOOK_SECONDS = 0.1
"""How often it looks whether it is to end."""
_PLAIN = "text/plain; charset=utf-8"


class Page(NamedTuple):
    """An answer."""

    status: int
    content_type: str
    content: bytes


class MetricsPort:
    """Serves in threads of its own: it answers, too, when the event loop does not, and says so."""

    def __init__(
        self,
        host: str,
        port: int,
        metrics: Callable[[str], tuple[str, bytes]],
        silent_seconds: Callable[[], float],
        *,
        shared: bool = False,
    ) -> None:
        """`metrics` makes the page for what somebody accepts. `shared`: several processes may listen there, and any
        answers for all. Raises OSError where nothing can listen there.
        """
        self._metrics = metrics
        self._silent_seconds = silent_seconds
        self._server = _Server((host, port), self._handler(), bind_and_activate=False)
        self._server.allow_reuse_port = shared
        try:
            self._server.server_bind()
            self._server.server_activate()
        except OSError:
            self._server.server_close()
            raise
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOK_SECONDS,), name="metrics", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens; the system has chosen it where 0 was asked for."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Listen no more. Blocks for _LOOK_SECONDS at most."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def page(self, path: str, accept: str) -> Page:
        """What is at that path."""
        if path == "/metrics":
            return Page(200, *self._metrics(accept))
        if path == "/healthz":
            return self._health()
        return Page(404, _PLAIN, b"Here are /metrics and /healthz\n")

    def _health(self) -> Page:
        seconds = self._silent_seconds()
        if seconds > SILENT_SECONDS:
            return Page(
                503, _PLAIN, f"the event loop has been stuck for {seconds:.0f} s: restart this process\n".encode()
            )
        return Page(200, _PLAIN, b"ok\n")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        page = self.page

        class Handler(BaseHTTPRequestHandler):
            """Answers one request; a connection that says nothing is closed."""

            timeout = 5.0

            def do_GET(self) -> None:
                status, content_type, content = page(urlsplit(self.path).path, self.headers.get("Accept", ""))
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing: somebody asks every few seconds."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever asked has gone."""
