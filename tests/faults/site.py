"""The whole service in a folder of its own: the two servers, three workers, two schedulers, an API, and a witness."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailing.cli.parts import answers
from mailing.cli.preconditions import free_port
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer
from mailing.settings import Settings
from tests.faults.keeper import Keeper
from tests.faults.kinds import API, SCHEDULERS, WORKERS
from tests.faults.program import Program
from tests.faults.provider import Provider, provider_process

SHORT_TIMES = {
    "provider_connect_timeout_seconds": 1.0,
    "provider_timeout_seconds": 2.0,
    "lease_seconds": 5.0,
    # Longer than any request: who is told to stop waits for every answer.
    "drain_seconds": 6.5,
    "probe_first_wait_seconds": 0.5,
    "probe_longest_wait_seconds": 2,
    "pump_slots": 4,
    "pump_concurrency": 12,
    "pump_batch": 200,
    "pump_turn_seconds": 3.0,
    "retry_base_seconds": 0.2,
    "retry_cap_seconds": 2.0,
    "retry_max_attempts": 100,
    "crash_limit": 100,
    "sweep_interval_seconds": 0.5,
}
"""What takes seconds in production takes less here. The limits are so high that no fault uses them up."""

_READY_SECONDS = 30


class Site:
    """What a run plays on."""

    def __init__(
        self, folder: Path, postgres: PostgresServer, valkey: ValkeyServer, provider: Provider, settings: Settings
    ) -> None:
        self.folder = folder
        self.postgres = postgres
        self.valkey = valkey
        self.provider = provider
        self.settings = settings
        self.notes: list[str] = []
        port = free_port()
        self.api_address = f"127.0.0.1:{port}"
        self.programs = {program.name: program for program in _programs(folder, port, _environment(settings))}
        self.keeper = Keeper(list(self.programs.values()))

    def note(self, text: str) -> None:
        """Something that whoever reads the report of a failure should know."""
        self.notes.append(f"{time.time():.3f} {text}")

    async def start(self) -> None:
        """Start the programs. Raises RuntimeError if one is not up in half a minute."""
        for program in self.programs.values():
            program.launch()
        for program in self.programs.values():
            if not await program.ready(_READY_SECONDS):
                raise RuntimeError(f"{program.name} did not start; see {program.log}")

    async def stop(self) -> None:
        """End the programs, at once."""
        for program in self.programs.values():
            program.kill()
        await asyncio.gather(*(program.ended(5) for program in self.programs.values()))


@contextmanager
def site() -> Iterator[Site]:
    """Start servers and witness; the programs are the caller's to start. Leaves no process and no folder."""
    folder = Path(tempfile.mkdtemp(prefix="mailing-faults-", dir="/tmp"))
    folder.chmod(0o711)  # As root, PostgreSQL runs as another user, who must pass through.
    try:
        # Durable: a killed server must have kept what it committed.
        with (
            PostgresServer(folder / "postgres") as postgres,
            ValkeyServer(folder / "valkey", persistent=True) as valkey,
            provider_process(folder / "journal.txt") as provider,
        ):
            settings = Settings(
                database_url=postgres.url,
                redis_url=valkey.url,
                provider_url=provider.url,
                **SHORT_TIMES,  # type: ignore[arg-type]  # pydantic checks the values
            )
            yield Site(folder, postgres, valkey, provider, settings)
    finally:
        shutil.rmtree(folder)


def _environment(settings: Settings) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")}
    places = {
        "database_url": settings.database_url,
        "redis_url": settings.redis_url,
        "provider_url": settings.provider_url,
    }
    chosen = SHORT_TIMES | places | {"provider_token": "of-the-fault-suite", "log_level": "INFO", "log_format": "json"}
    return env | {f"MAILING_{name.upper()}": str(value) for name, value in chosen.items()}


def _programs(folder: Path, port: int, env: dict[str, str]) -> Iterator[Program]:
    mailing = [sys.executable, "-P", "-m", "mailing"]
    for name in WORKERS:
        argv = [sys.executable, "-m", "tests.faults.skewed_worker"]
        yield Program(name, argv, env, _log(folder, name), lambda said: "worker.started" in said)
    for name in SCHEDULERS:
        yield Program(name, [*mailing, "scheduler"], env, _log(folder, name), lambda said: "scheduler.started" in said)
    api_is_ready = answers(f"http://127.0.0.1:{port}/readyz")
    for name in API:
        argv = [*mailing, "api", "--port", str(port)]
        yield Program(name, argv, env, _log(folder, name), lambda _: api_is_ready())


def _log(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '-')}.log"
