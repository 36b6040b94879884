"""`mailing up`: the whole service on one machine, from one command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from mailing.cli import screen
from mailing.cli.connection import has_provider_token
from mailing.cli.failure import CommandError
from mailing.cli.options import DEFAULT_DATA_DIR, Host, Port
from mailing.cli.parts import answers, base_url, program
from mailing.cli.preconditions import check_database, check_port_is_free, check_redis, free_port, place
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.runtime import DataDirectory, Endpoints
from mailing.embedded.valkey import ValkeyServer
from mailing.supervisor.stop_signals import on_stop_signal
from mailing.supervisor.supervised import PartFailedError, StopRequestedError, Supervised
from mailing.supervisor.supervisor import Supervisor

if TYPE_CHECKING:
    from mailing.settings import Settings

_FAKE_PROVIDER_TOKEN = "any-token-will-do"


def command(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data_dir: Annotated[Path, typer.Option(help="Folder for all data; made if it is not there.")] = DEFAULT_DATA_DIR,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 2,
    demo: Annotated[bool, typer.Option(help="Load sample clients and a mailing at the very first start.")] = True,
) -> None:
    """Start everything: PostgreSQL, Valkey, a fake SMS provider, the API, workers, the scheduler.

    MAILING_DATABASE_URL, MAILING_REDIS_URL and MAILING_PROVIDER_URL each replace the embedded part when set.
    """
    from mailing.settings import load_settings

    check_port_is_free(host, port)
    _check_outside(load_settings())
    supervisor = Supervisor(screen.report)
    with on_stop_signal(supervisor.request_stop), _held(data_dir) as directory:
        try:
            _run(_Plan(directory, host, port, workers, demo), supervisor)
        except StopRequestedError:
            pass
        except PartFailedError as e:
            raise CommandError(str(e)) from e
        finally:
            with screen.step("Stopping everything"):
                supervisor.stop()


def _check_outside(settings: "Settings") -> None:
    if settings.database_url:
        check_database(settings.database_url)
    if settings.redis_url:
        check_redis(settings.redis_url)


@dataclass(frozen=True, slots=True)
class _Plan:
    directory: DataDirectory
    host: str
    port: int
    workers: int
    demo: bool

    @property
    def api_url(self) -> str:
        return base_url(self.host, self.port)


@contextmanager
def _held(data_dir: Path) -> Iterator[DataDirectory]:
    directory = DataDirectory(data_dir)
    try:
        directory.acquire()
    except OSError as e:
        raise CommandError(f"the data directory {data_dir} cannot be used: {e.strerror or e}") from e
    try:
        yield directory
    finally:
        directory.release()


def _run(plan: _Plan, supervisor: Supervisor) -> None:
    endpoints = _start_foundation(plan, supervisor)
    env = _environment(endpoints)
    with screen.step("Bringing the database to this version's schema"):
        supervisor.run(program("migrate", "migrate", env=env))
    with screen.step("Starting API, workers and scheduler"):
        supervisor.start(_programs(plan, endpoints, env))
    plan.directory.publish(endpoints)
    _load_samples(plan, endpoints)
    screen.show_addresses(_addresses(plan, endpoints))
    supervisor.watch()


def _start_foundation(plan: _Plan, supervisor: Supervisor) -> Endpoints:
    """Start database and Redis where the environment names none, and answer where everything is going to be."""
    database_url, redis_url = os.environ.get("MAILING_DATABASE_URL"), os.environ.get("MAILING_REDIS_URL")
    postgres = PostgresServer(plan.directory.path / "postgres")
    valkey = ValkeyServer(plan.directory.path / "valkey", persistent=True)
    embedded: list[Supervised] = [*([] if database_url else [postgres]), *([] if redis_url else [valkey])]
    if embedded:
        with screen.step(f"Starting {' and '.join(server.name for server in embedded)}"):
            supervisor.start(embedded)
    provider_url = os.environ.get("MAILING_PROVIDER_URL")
    return Endpoints(
        database_url=database_url or postgres.url,
        redis_url=redis_url or valkey.url,
        provider_url=provider_url or f"{base_url('127.0.0.1', free_port())}/v1",
        provider_token=None if provider_url or has_provider_token() else _FAKE_PROVIDER_TOKEN,
        api_url=plan.api_url,
        pid=os.getpid(),
    )


def _environment(endpoints: Endpoints) -> dict[str, str]:
    urls = {
        "MAILING_DATABASE_URL": endpoints.database_url,
        "MAILING_REDIS_URL": endpoints.redis_url,
        "MAILING_PROVIDER_URL": endpoints.provider_url,
    }
    return urls | ({"MAILING_PROVIDER_TOKEN": endpoints.provider_token} if endpoints.provider_token else {})


def _programs(plan: _Plan, endpoints: Endpoints, env: dict[str, str]) -> list[Supervised]:
    listen = ("--host", plan.host, "--port", str(plan.port))
    parts: list[Supervised] = [
        program("api", "api", *listen, env=env, ready=answers(f"{plan.api_url}/healthz")),
        *(program(f"worker {n}", "worker", env=env) for n in range(1, plan.workers + 1)),
        program("scheduler", "scheduler", env=env),
    ]
    return parts if _is_real("PROVIDER") else [_fake_provider(endpoints.provider_url), *parts]


def _fake_provider(url: str) -> Supervised:
    parts = urlsplit(url)
    listen = ("--host", str(parts.hostname), "--port", str(parts.port))
    return program("fake provider", "fake-provider", *listen, env={}, ready=answers(_ledger(url)))


def _ledger(provider_url: str) -> str:
    return provider_url.removesuffix("/v1") + "/_ledger"


def _is_real(what: str) -> bool:
    """Whether the environment names one, so that nothing takes its place."""
    return bool(os.environ.get(f"MAILING_{what}_URL"))


def _load_samples(plan: _Plan, endpoints: Endpoints) -> None:
    """Once for a data directory, and only where nobody's real customers or provider are: both are embedded."""
    marker = plan.directory.path / "samples.loaded"
    if not plan.demo or _is_real("DATABASE") or _is_real("PROVIDER") or marker.exists():
        return
    from mailing.cli.samples import load_samples

    with screen.step("Loading sample clients and a mailing"):
        load_samples(endpoints)
    marker.touch()


def _addresses(plan: _Plan, endpoints: Endpoints) -> dict[str, str]:
    shown = {
        "GraphQL API": f"{plan.api_url}/graphql",
        "Health": f"{plan.api_url}/healthz",
        "Readiness": f"{plan.api_url}/readyz",
    }
    if _is_real("PROVIDER"):
        shown["Provider"] = place(endpoints.provider_url)
    else:
        shown["Fake provider's ledger"] = _ledger(endpoints.provider_url)
    return shown | {"Data": str(plan.directory.path)}
