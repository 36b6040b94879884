"""The programs that `mailing up` starts."""

import http.client
import os
import sys
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from mailing.supervisor.part import Part

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def program(name: str, *arguments: str, env: Mapping[str, str], ready: Callable[[], bool] | None = None) -> Part:
    """`mailing` itself as a child, with these arguments; `env` comes on top of this process's environment."""
    # -P: a folder called `mailing` in the current directory must not take the package's place.
    argv = [sys.executable, "-P", "-m", "mailing", *arguments]
    return Part(name, argv, {**os.environ, **env}, ready)


def answers(url: str) -> Callable[[], bool]:
    """A check that asks for `url` and is content with status 200."""
    parts = urlsplit(url)

    def ask() -> bool:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=1)
        try:
            connection.request("GET", parts.path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def base_url(host: str, port: int) -> str:
    """Where to reach a server that listens on `host`, from this machine."""
    reachable = _ANY_ADDRESS.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
