"""The whole service on servers of its own, as a production run would start it, in a folder that goes away with it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from bench.provider import ProviderLedger
from bench.statements import watch_statements, watch_triggers
from mailing.cli.log_files import log_file
from mailing.cli.parts import answers, program
from mailing.cli.preconditions import free_port
from mailing.cli.whole_service import on_one_machine
from mailing.db.migrate import migrate
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer
from mailing.settings import Settings, load_settings
from mailing.supervisor.part import Part
from mailing.supervisor.supervisor import Supervisor

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJiZW5jaCJ9.c2lnbmF0dXJl"
"""Of the usual shape, and no secret: the fake provider takes any."""


@dataclass(frozen=True, slots=True)
class Site:
    """Servers and programs. Until `start_programs`, only the servers and the fake provider run."""

    settings: Settings
    ledger: ProviderLedger
    postgres: PostgresServer
    valkey: ValkeyServer
    provider: Part
    workers: list[Part]
    scheduler: Part
    api: Part
    api_url: str
    """Of the GraphQL API: http://…/graphql."""
    supervisor: Supervisor
    env: Mapping[str, str]
    """Where everything is, for further programs."""
    folder: Path
    """Where all data and logs are, for as long as it is there."""

    def start_programs(self) -> None:
        """Start workers, scheduler and API, and wait until every worker asks the queue for work and the API answers."""
        self.supervisor.start([*self.workers])
        self.supervisor.start([self.scheduler, self.api])

    def add_workers(self, count: int) -> None:
        """Start more workers beside those that run, and wait until they, too, ask the queue for work."""
        known = set(_fetching_workers(self.valkey.url))
        first = len(self.workers) + 1
        added = [
            program(
                f"worker {n}",
                "worker",
                env=_logging(self.env, self.folder, f"worker {n}"),
                ready=lambda: len(_fetching_workers(self.valkey.url) - known) >= count,
            )
            for n in range(first, first + count)
        ]
        self.supervisor.start([*added])
        self.workers.extend(added)

    def processes(self) -> Mapping[str, list[int]]:
        """The root processes of each part that runs, by its name."""
        pids: dict[str, list[int | None]] = {
            **{worker.name: [worker.pid] for worker in self.workers},
            "PostgreSQL": [self.postgres.pid],
            "fake provider": [self.provider.pid],
            "scheduler": [self.scheduler.pid],
            "API": [self.api.pid],
            "Valkey": [self.valkey.pid],
        }
        return {name: [pid for pid in found if pid is not None] for name, found in pids.items()}


@contextmanager
def site(workers: int) -> Iterator[Site]:
    """Start the servers, durable as in production, with an empty database. Ends everything and removes the folder.

    Settings of the environment hold, so that others can be tried; all places are the site's own.
    """
    folder = Path(tempfile.mkdtemp(prefix="mailing-bench-"))
    folder.chmod(0o711)  # As root, PostgreSQL runs as another user, who must pass through.
    supervisor = Supervisor(print)
    try:
        yield _start(folder, workers, supervisor)
    finally:
        supervisor.stop()
        shutil.rmtree(folder)


def _start(folder: Path, workers: int, supervisor: Supervisor) -> Site:
    postgres = PostgresServer(folder / "postgres")
    valkey = ValkeyServer(folder / "valkey", persistent=True)
    with postgres:
        watch_statements(postgres.url)
    supervisor.start([postgres, valkey])
    watch_triggers(postgres.url)
    port = free_port()
    provider_url = f"http://127.0.0.1:{port}"
    env = _environment(postgres.url, valkey.url, f"{provider_url}/v1", workers)
    provider = program(
        "fake provider", "fake-provider", "--port", str(port), env={}, ready=answers(f"{provider_url}/_ledger")
    )
    api_port = free_port()
    api_url = f"http://127.0.0.1:{api_port}"
    api = program(
        "API",
        "api",
        "--port",
        str(api_port),
        env=_logging(env, folder, "api"),
        ready=answers(f"{api_url}/healthz"),
    )
    settings = load_settings(log_level=_log_level(), log_file=log_file(folder, "bench"))
    asyncio.run(migrate(settings))
    supervisor.start([provider])

    def all_fetch() -> bool:
        return len(_fetching_workers(valkey.url)) >= workers

    return Site(
        settings,
        ProviderLedger(provider_url),
        postgres,
        valkey,
        provider,
        [
            program(f"worker {n}", "worker", env=_logging(env, folder, f"worker {n}"), ready=all_fetch)
            for n in range(1, workers + 1)
        ],
        program("scheduler", "scheduler", env=_logging(env, folder, "scheduler")),
        api,
        f"{api_url}/graphql",
        supervisor,
        env,
        folder,
    )


def _environment(database_url: str, redis_url: str, provider_url: str, workers: int) -> dict[str, str]:
    """The places, also for this process: no variable may lead anybody elsewhere."""
    os.environ.pop("MAILING_PROVIDER_TOKEN_FILE", None)
    env = {
        "MAILING_DATABASE_URL": database_url,
        "MAILING_REDIS_URL": redis_url,
        "MAILING_PROVIDER_URL": provider_url,
        "MAILING_PROVIDER_TOKEN": TOKEN,
        "MAILING_LOG_LEVEL": _log_level(),
    }
    for name, value in on_one_machine(workers).items():
        variable = f"MAILING_{name.upper()}"
        env[variable] = os.environ.get(variable, str(value))
    os.environ.update(env)
    return env


def _logging(env: Mapping[str, str], folder: Path, name: str) -> dict[str, str]:
    """Logs go where those of `mailing up` go: what they cost belongs to what is measured."""
    return {**env, "MAILING_LOG_FILE": str(log_file(folder, name))}


def _log_level() -> str:
    return os.environ.get("MAILING_LOG_LEVEL", "INFO")


def _fetching_workers(redis_url: str) -> set[bytes]:
    """Dramatiq notes every process that talks to its queue; before the first job these are the workers alone."""
    with Redis.from_url(redis_url) as redis:
        return set(redis.zrange("mailing:__heartbeats__", 0, -1))
