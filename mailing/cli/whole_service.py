"""What `mailing up` starts, in which order, and what it tells the parts of each other."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mailing.cli import screen
from mailing.cli.connection import has_provider_token
from mailing.cli.log_files import COMMANDS, log_file, log_folder
from mailing.cli.parts import answers, base_url, program
from mailing.cli.preconditions import free_port
from mailing.cli.watching import addresses, choose_ports, write_targets
from mailing.embedded import placement
from mailing.embedded.orphans import remove_orphans
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.runtime import DataDirectory, Endpoints
from mailing.embedded.valkey import ValkeyServer
from mailing.place import place
from mailing.supervisor.supervised import Supervised
from mailing.supervisor.supervisor import Supervisor

if TYPE_CHECKING:
    from mailing.settings import Settings

LONGEST_DRAIN_SECONDS = 6.0
"""Less than the supervisor's patience: a worker ends by itself, with a line that says so."""

STEADY_SECONDS = 1.0
"""So long all parts must have stayed alive when the addresses are shown: a worker that cannot start ends at once."""

_FAKE_PROVIDER_TOKEN = "any-token-will-do"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the person and the environment ask for. A URL that the settings name takes an embedded part's place."""

    settings: "Settings"
    directory: DataDirectory
    host: str
    port: int
    workers: int
    demo: bool

    @property
    def api_url(self) -> str:
        return base_url(self.host, self.port)

    @property
    def has_real_provider(self) -> bool:
        return "provider_url" in self.settings.model_fields_set


def run(plan: Plan, supervisor: Supervisor) -> None:
    """Start everything and keep it running until a stop is requested. However it ends, `supervisor.stop()` is due."""
    for orphan in remove_orphans(placement.STATE_FOLDER):
        screen.report(f"removed {orphan}: its data directory is gone")
    ports = choose_ports(plan.settings, plan.workers)
    endpoints = _start_foundation(plan, supervisor)
    env = environment(plan, endpoints)
    with screen.step("Bringing the database to this version's schema"):
        supervisor.run(program("migrate", "migrate", env=env))
    with screen.step("Starting API, workers and scheduler"):
        supervisor.start(_programs(plan, endpoints, env, ports), steady_seconds=STEADY_SECONDS)
    _load_samples(plan, endpoints)
    # Others find their way from now on: what a quick one did before would have kept the samples away.
    plan.directory.publish(endpoints)
    metrics = addresses(plan.settings, plan.api_url, ports)
    write_targets(plan.directory.path, metrics)
    screen.show_addresses(_addresses(plan, endpoints, metrics))
    supervisor.watch()


def environment(plan: Plan, endpoints: Endpoints) -> dict[str, str]:
    """What the parts get on top of this process's environment."""
    env = {
        "MAILING_DATABASE_URL": endpoints.database_url,
        "MAILING_REDIS_URL": endpoints.redis_url,
        "MAILING_PROVIDER_URL": endpoints.provider_url,
        "MAILING_DRAIN_SECONDS": f"{min(plan.settings.drain_seconds, LONGEST_DRAIN_SECONDS):g}",
    }
    env |= {
        f"MAILING_{name.upper()}": str(value)
        for name, value in on_one_machine(plan.workers).items()
        if name not in plan.settings.model_fields_set
    }
    return env | ({"MAILING_PROVIDER_TOKEN": endpoints.provider_token} if endpoints.provider_token else {})


def on_one_machine(workers: int) -> dict[str, int]:
    """Settings for workers that share their cores with the database and the API.

    They let the API go first, and each mailing has one pump in each: as many requests in flight as with the
    defaults, but fewer statements that keep the cores busy at once while somebody asks the API.
    """
    return {"worker_niceness": 10, "pump_slots": min(64, workers), "pump_concurrency": 128}


def _start_foundation(plan: Plan, supervisor: Supervisor) -> Endpoints:
    """Start database and Redis where the environment names none, and answer where everything is going to be."""
    settings = plan.settings
    postgres = PostgresServer(plan.directory.path / "postgres")
    valkey = ValkeyServer(plan.directory.path / "valkey", persistent=True)
    embedded: list[Supervised] = []
    embedded += [] if settings.database_url else [postgres]
    embedded += [] if settings.redis_url else [valkey]
    if embedded:
        with screen.step(f"Starting {' and '.join(server.name for server in embedded)}"):
            supervisor.start(embedded)
    else:
        supervisor.start([])  # The parts are the second layer all the same, and are given a layer's time to stop.
    is_real = plan.has_real_provider
    return Endpoints(
        database_url=settings.database_url or postgres.url,
        redis_url=settings.redis_url or valkey.url,
        provider_url=settings.provider_url if is_real else f"{base_url('127.0.0.1', free_port())}/v1",
        provider_token=None if is_real or has_provider_token(settings) else _FAKE_PROVIDER_TOKEN,
        api_url=plan.api_url,
        pid=os.getpid(),
    )


def _programs(plan: Plan, endpoints: Endpoints, env: dict[str, str], ports: dict[str, int]) -> list[Supervised]:
    def part(name: str, *arguments: str, ready: Callable[[], bool] | None = None) -> Supervised:
        """With a log of its own; the terminal gets what is worth a person's look."""
        own = {
            "MAILING_LOG_FILE": str(log_file(plan.directory.path, name)),
            # The API's own port has all: where a person names one for metrics, the other parts share those from it on.
            "MAILING_METRICS_PORT": str(ports.get(name, "")),
        }
        return program(name, *arguments, env=env | own, ready=ready)

    listen = ("--host", plan.host, "--port", str(plan.port))
    parts: list[Supervised] = [
        part("api", "api", *listen, ready=answers(f"{plan.api_url}/healthz")),
        *(part(f"worker {n}", "worker") for n in range(1, plan.workers + 1)),
        part("scheduler", "scheduler"),
    ]
    return parts if plan.has_real_provider else [_fake_provider(endpoints.provider_url), *parts]


def _fake_provider(url: str) -> Supervised:
    parts = urlsplit(url)
    listen = ("--host", str(parts.hostname), "--port", str(parts.port))
    return program("fake provider", "fake-provider", *listen, env={}, ready=answers(_ledger(url)))


def _ledger(provider_url: str) -> str:
    return provider_url.removesuffix("/v1") + "/_ledger"


def _load_samples(plan: Plan, endpoints: Endpoints) -> None:
    """Once for a data directory, and only where nobody's real customers or provider are: both are embedded."""
    marker = plan.directory.path / "samples.loaded"
    if not plan.demo or plan.settings.database_url or plan.has_real_provider or marker.exists():
        return
    from mailing.cli.samples import load_samples

    with screen.step("Loading sample clients and a mailing"):
        load_samples(endpoints, log_file(plan.directory.path, COMMANDS))
    marker.touch()


def _addresses(plan: Plan, endpoints: Endpoints, metrics: dict[str, str]) -> dict[str, str]:
    shown = {
        "Admin UI": f"{plan.api_url}/",
        "GraphQL API": f"{plan.api_url}/graphql",
        "GraphiQL": f"{plan.api_url}/docs/",
        "Health": f"{plan.api_url}/healthz",
        "Readiness": f"{plan.api_url}/readyz",
        **{f"Metrics of {part}": url for part, url in metrics.items()},
    }
    if plan.has_real_provider:
        shown["Provider"] = place(endpoints.provider_url)
    else:
        shown["Fake provider's ledger"] = _ledger(endpoints.provider_url)
    shown["Daily report"] = plan.settings.report_told
    return shown | {"Logs": str(log_folder(plan.directory.path)), "Data": str(plan.directory.path)}
