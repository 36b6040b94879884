"""What must hold before anything is started, checked so that a failure is one clear line."""

import asyncio
import contextlib
import errno
import os
import socket
from typing import TYPE_CHECKING

from mailing.cli.failure import CommandError
from mailing.place import place

if TYPE_CHECKING:
    from mailing.settings import Settings

_TIMEOUT_SECONDS = 5


def check_port_is_free(host: str, port: int, choose: str = "choose another one with --port") -> None:
    """Raises CommandError if nothing could listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As servers do: a connection of the last run that is not quite gone is no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as e:
        reason = "is in use" if e.errno == errno.EADDRINUSE else f"cannot be used ({e.strerror or e})"
        raise CommandError(f"port {port} on {host} {reason}; {choose}") from e


def check_metrics_port_is_free(settings: "Settings") -> None:
    """Raises CommandError if nothing could listen on MAILING_METRICS_PORT; it may be shared with others of a family."""
    if settings.metrics_port is not None and not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        check_port_is_free(
            settings.metrics_host, settings.metrics_port, "give each process a MAILING_METRICS_PORT of its own"
        )


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def check_database(url: str) -> None:
    """Raises CommandError if no PostgreSQL answers there."""
    import asyncpg

    async def ask() -> None:
        connection = await asyncpg.connect(url, timeout=_TIMEOUT_SECONDS)
        await connection.close()

    try:
        asyncio.run(ask())
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as e:
        raise CommandError(f"the database at {place(url)} does not answer: {_reason(e)} (MAILING_DATABASE_URL)") from e


def check_redis(url: str) -> None:
    """Raises CommandError if no Redis or Valkey answers there."""
    import redis

    try:
        with contextlib.closing(redis.Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS)) as client:
            client.ping()
    except (OSError, ValueError, redis.RedisError) as e:
        raise CommandError(f"the Redis at {place(url)} does not answer: {_reason(e)} (MAILING_REDIS_URL)") from e


def _reason(e: BaseException) -> str:
    return str(e).splitlines()[0] if str(e) else f"no answer in {_TIMEOUT_SECONDS} s"
