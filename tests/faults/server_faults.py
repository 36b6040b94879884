"""Faults of PostgreSQL and Valkey."""

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING

from redis.asyncio import Redis

from tests.faults.kinds import POSTGRES, VALKEY, Fault

if TYPE_CHECKING:
    from mailing.embedded.server import EmbeddedServer
    from tests.faults.site import Site

_END_SECONDS = 20
_START_SECONDS = 30


async def crash_postgres(site: "Site", target: str, seconds: float) -> None:
    """SIGKILL of the postmaster: its children notice, and end."""
    await _away(site.postgres, signal.SIGKILL, seconds)


async def stop_postgres_at_once(site: "Site", target: str, seconds: float) -> None:
    """An immediate stop: everybody is cut off, and the next start replays the log."""
    await _away(site.postgres, signal.SIGQUIT, seconds)


async def wipe_valkey(site: "Site", target: str, seconds: float) -> None:
    """FLUSHALL."""
    async with Redis.from_url(site.valkey.url, socket_timeout=5) as redis:
        await redis.flushall()


async def stop_valkey(site: "Site", target: str, seconds: float) -> None:
    """SIGTERM: it comes back with its data."""
    await _away(site.valkey, signal.SIGTERM, seconds)


async def crash_valkey(site: "Site", target: str, seconds: float) -> None:
    """SIGKILL: it comes back with what it had written down."""
    await _away(site.valkey, signal.SIGKILL, seconds)


async def freeze_valkey(site: "Site", target: str, seconds: float) -> None:
    """SIGSTOP: it takes connections and answers nobody."""
    pid = site.valkey.pid
    assert pid is not None, "one fault at a time"
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)


async def _away(server: "EmbeddedServer", how: signal.Signals, seconds: float) -> None:
    pid = server.pid
    assert pid is not None, "one fault at a time"
    os.kill(pid, how)
    deadline = time.monotonic() + _END_SECONDS
    while server.exit_code() is None:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{server.name} did not end within {_END_SECONDS} s")
        await asyncio.sleep(0.02)
    await asyncio.sleep(seconds)
    await _start(server)


async def _start(server: "EmbeddedServer") -> None:
    """A first try may find children of the killed server still on their way out."""
    deadline = time.monotonic() + _START_SECONDS
    server.launch()
    while not server.is_ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{server.name} did not come back within {_START_SECONDS} s: {server.last_words()}")
        if server.exit_code() is not None:
            await asyncio.sleep(0.1)
            server.launch()
        await asyncio.sleep(0.02)


FAULTS = (
    Fault("crashed", 3, POSTGRES, (0.1, 4), crash_postgres, breaks_leases=True),
    Fault("stopped at once", 2, POSTGRES, (0.1, 4), stop_postgres_at_once, breaks_leases=True),
    Fault("wiped", 3, VALKEY, (0, 0), wipe_valkey),
    Fault("stopped", 2, VALKEY, (0.1, 4), stop_valkey),
    Fault("crashed", 2, VALKEY, (0.1, 4), crash_valkey),
    Fault("frozen", 2, VALKEY, (2, 8), freeze_valkey),
)
