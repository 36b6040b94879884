"""Each container's own command, started with its own environment, until its probes are content; then told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp

from mailing.cli.preconditions import free_port
from mailing.settings import Settings
from tests.infra.kubernetes.rendered import Object, environment, pod, port_names, workloads
from tests.running import run
from tests.waiting import until

CONTAINERS = (
    ("production", "api"),
    ("production", "worker"),
    ("production", "scheduler"),
    ("development", "fake-provider"),
)
ENDED_BY_SIGTERM = {0, -signal.SIGTERM}
"""uvicorn ends itself by the signal when it is done; to the first process of a container that means nothing."""


class Site(NamedTuple):
    """What stands here for what is in a cluster."""

    settings: Settings
    token: Path
    folder: Path

    def environment(self, overlay: str, container: Object, ports: dict[int, int]) -> dict[str, str]:
        """That of the container, with servers, ports and files of this machine. Nothing else but where programs are."""
        here = {
            "MAILING_DATABASE_URL": str(self.settings.database_url),
            "MAILING_DATABASE_PREPARED_STATEMENTS": "true",
            "MAILING_REDIS_URL": str(self.settings.redis_url),
            "MAILING_PROVIDER_URL": self.settings.provider_url,
            "MAILING_PROVIDER_TOKEN_FILE": str(self.token),
            "MAILING_METRICS_HOST": "127.0.0.1",
            "MAILING_METRICS_PORT": str(ports.get(9100)),
            "MAILING_AUTH_CLIENT_SECRET": "secret",
            "MAILING_SMTP_URL": "smtp+plain://127.0.0.1:9",
        }
        there = environment(overlay, container)
        return {"PATH": os.environ["PATH"], "HOME": "/"} | {name: here.get(name, there[name]) for name in there}


async def test_every_process_starts_is_found_well_by_its_probes_and_ends_when_it_is_told_to(
    migrated: Settings, database: None, tmp_path: Path
) -> None:
    # Given
    token = tmp_path / "token"
    token.write_text("provider-token")
    site = Site(migrated, token, tmp_path)

    # When
    async with AsyncExitStack() as running, aiohttp.ClientSession() as http:
        started = [await running.enter_async_context(_started(site, *which)) for which in CONTAINERS]

        # Then
        for process, probes in started:
            for url in probes:
                await until(lambda url=url, process=process: _is_well(http, process, url), seconds=90)
        for process, _ in started:
            process.send_signal(signal.SIGTERM)
        statuses = [await asyncio.wait_for(process.wait(), 90) for process, _ in started]
    assert set(statuses) <= ENDED_BY_SIGTERM, dict(zip(CONTAINERS, statuses, strict=True))


async def test_what_runs_before_them_finds_the_schema_with_no_more_than_it_is_given(
    migrated: Settings, tmp_path: Path
) -> None:
    site = Site(migrated, tmp_path, tmp_path)
    (container,) = pod(workloads("production")["worker"])["initContainers"]
    ran = await run(*_here(container, {}), folder=tmp_path, env=site.environment("production", container, {}))
    assert (ran.status, ran.output, ran.errors) == (0, "The schema is that of this version.\n", "")


@asynccontextmanager
async def _started(site: Site, overlay: str, name: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """The process, and where its probes ask."""
    workload = workloads(overlay)[name]
    (container,) = pod(workload)["containers"]
    ports = {port: free_port() for port in port_names(workload).values()}
    process = await asyncio.create_subprocess_exec(
        *_here(container, ports),
        cwd=site.folder,
        env=site.environment(overlay, container, ports),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process, [*_probes(container, {name: ports[port] for name, port in port_names(workload).items()})]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _here(container: Object, ports: dict[int, int]) -> list[str]:
    """Its command, on an address and ports of this machine."""
    here = {"0.0.0.0": "127.0.0.1"} | {str(there): str(here) for there, here in ports.items()}
    _, *arguments = container["command"]
    return [sys.executable, "-m", "mailing", *(here.get(argument, argument) for argument in arguments)]


def _probes(container: Object, ports: dict[str, int]) -> set[str]:
    probes = [container[name]["httpGet"] for name in container if name.endswith("Probe")]
    assert probes
    return {f"http://127.0.0.1:{ports[probe['port']]}{probe['path']}" for probe in probes}


async def _is_well(http: aiohttp.ClientSession, process: asyncio.subprocess.Process, url: str) -> bool:
    assert process.returncode is None, f"{url}: it has ended with {process.returncode}"
    try:
        async with http.get(url) as response:
            return response.status == 200
    except aiohttp.ClientConnectionError:
        return False
