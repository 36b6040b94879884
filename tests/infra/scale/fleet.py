"""API, worker and scheduler as processes of their own, against any database: as a deployment has them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from mailing.cli.parts import answers, program
from mailing.cli.preconditions import free_port
from mailing.supervisor.part import Part
from mailing.supervisor.supervisor import Supervisor
from tests.e2e.outside import Addresses

TIMES = {
    "MAILING_LEASE_SECONDS": "4",
    "MAILING_DRAIN_SECONDS": "4.5",
    "MAILING_PROVIDER_CONNECT_TIMEOUT_SECONDS": "0.5",
    "MAILING_PROVIDER_TIMEOUT_SECONDS": "1.5",
    "MAILING_SWEEP_INTERVAL_SECONDS": "0.5",
}
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Fleet:
    """Running."""

    address: str
    """Of the API."""
    parts: list[Part]

    def crash(self) -> None:
        """All of it at once, by SIGKILL."""
        for part in self.parts:
            part.kill()


@contextmanager
def fleet(database_url: str, redis_url: str, outside: Addresses, **more: str) -> Iterator[Fleet]:
    """Starts it, and stops it in order."""
    env = environment(database_url, redis_url, outside) | more
    port = free_port()
    parts = [
        program("api", "api", "--port", str(port), env=env, ready=answers(f"http://127.0.0.1:{port}/readyz")),
        _watched("worker", env),
        _watched("scheduler", env),
    ]
    supervisor = Supervisor(print)
    try:
        supervisor.start([])  # Its first layer is for servers, and is given less time to stop.
        supervisor.start(parts, START_SECONDS)
        yield Fleet(f"127.0.0.1:{port}", parts)
    finally:
        supervisor.stop()


def environment(database_url: str, redis_url: str, outside: Addresses) -> dict[str, str]:
    """What every command of such a deployment is given."""
    return TIMES | {
        "MAILING_DATABASE_URL": database_url,
        "MAILING_REDIS_URL": redis_url,
        "MAILING_PROVIDER_URL": outside.url,
        "MAILING_PROVIDER_TOKEN": "of-the-tests",
        "MAILING_LOG_LEVEL": "WARNING",
        "PATH": os.environ["PATH"],
    }


def _watched(name: str, env: Mapping[str, str]) -> Part:
    port = free_port()
    env = {**env, "MAILING_METRICS_PORT": str(port)}
    return program(name, name, env=env, ready=answers(f"http://127.0.0.1:{port}/healthz"))
