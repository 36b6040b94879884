"""What docker-compose.yml starts, started: each service's own command and environment, in what the Dockerfile makes.

Names of hosts become addresses of servers on this machine, and ports free ones; nothing else is changed.
"""

import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from mailing.cli.preconditions import free_port
from mailing.settings import Settings
from tests.infra.containers.compose import OURS, environment, health_check, services
from tests.infra.containers.container import Container
from tests.post_office import PostOffice, post_office
from tests.running import Ran

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("image")]

STARTS = ("fake-provider", "api", "worker", "scheduler")
METRICS_PORT = "9100"
STOP_SECONDS = 60
"""Docker grants less, but not on a machine that runs tests beside; they end by themselves, or never."""
BY_SIGTERM = {128 + signal.SIGTERM, -signal.SIGTERM}

Start = Callable[..., Awaitable[Container]]


class Site:
    """Where the things are that docker-compose.yml calls by the names of its services."""

    def __init__(self, database_url: str, redis_url: str, office: PostOffice) -> None:
        self._ports = {"8000": str(free_port()), "8090": str(free_port())}
        self._metrics_ports: dict[str, str] = {}
        self._places = {
            environment("api")["MAILING_DATABASE_URL"]: database_url,
            environment("api")["MAILING_REDIS_URL"]: redis_url,
            environment("api")["MAILING_PROVIDER_URL"]: f"http://127.0.0.1:{self._ports['8090']}/v1",
            environment("api")["MAILING_SMTP_URL"]: office.url(),
            "http://api:8000": f"http://127.0.0.1:{self._ports['8000']}",
            "0.0.0.0": "127.0.0.1",
        }

    def command(self, service: str) -> Sequence[str]:
        return self._here(service, services()[service]["command"])

    def health_check(self, service: str) -> Sequence[str]:
        return self._here(service, health_check(service))

    def environment(self, service: str) -> Mapping[str, str]:
        given = {"MAILING_METRICS_HOST": "127.0.0.1", **environment(service)}
        return dict(zip(given, self._here(service, list(given.values())), strict=True))

    def url(self, service: str, port: str) -> str:
        return f"http://127.0.0.1:{self._here(service, [port])[0]}"

    def _here(self, service: str, words: Sequence[str]) -> list[str]:
        ports = self._ports | {METRICS_PORT: self._metrics_ports.setdefault(service, str(free_port()))}
        return [(self._places | ports).get(word, word) for word in words]


@pytest.fixture
async def database_url(settings: Settings) -> AsyncIterator[str]:
    """Of a database without any table, with a name of its own."""
    assert settings.database_url is not None
    name = f"compose_{secrets.token_hex(4)}"
    server = await asyncpg.connect(settings.database_url)
    await server.execute(f"CREATE DATABASE {name}")
    yield settings.database_url.replace("/mailing?", f"/{name}?")
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture
def site(database_url: str, settings: Settings, redis: object, office: PostOffice) -> Site:
    assert settings.redis_url is not None
    return Site(database_url, settings.redis_url, office)


@pytest.fixture
async def start(image: Path, site: Site, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a service by its name; more words may be added to its command."""
    started: list[Container] = []

    async def start(service: str, *words: str) -> Container:
        command, given = [*site.command(service), *words], site.environment(service)
        container = Container(image, command, given, tmp_path / f"{service}.log")
        await container.start()
        started.append(container)
        return container

    yield start
    for container in started:
        await container.remove()


async def test_all_of_it_comes_up_sends_a_mailing_and_a_report_and_stops_in_time(
    start: Start, site: Site, office: PostOffice
) -> None:
    # Given what the others wait for
    migrate = await start("migrate")
    assert await migrate.ended() == 0, migrate.logged()

    # When
    containers = {service: await start(service) for service in STARTS}
    for service, container in containers.items():
        await container.until_healthy(site.health_check(service))

    # Then a mailing goes through all of them, and every message is in the provider's ledger
    demo = await start("demo", "--clients", "50")
    assert await demo.ended() == 0, "".join(container.logged() for container in [demo, *containers.values()])

    # And whoever runs it finds the commands at hand
    api = containers["api"]
    _assert_done(await api.execute(["mailing", "report", "--date", "2026-01-01", "--send"]))
    # The scheduler may send yesterday's meanwhile, by itself.
    assert [subject for subject in office.subjects if "Thu 1 Jan" in subject], office.subjects
    _assert_done(await api.execute(["mailing", "doctor"]))
    _assert_done(await api.execute(["mailing", "token", "create", "--name", "shop", "--role", "viewer"]))
    _assert_done(await api.execute(["mailing", "import", "-"], stdin="phone,timezone\n79161234567,Europe/Moscow\n"))
    _assert_done(await api.execute(["mailing", "healthy"]))

    # And Prometheus and a browser find what they look for, by the name of the container, too
    async with aiohttp.ClientSession() as http:
        for service in ("api", "worker", "scheduler"):
            async with http.get(f"{site.url(service, METRICS_PORT)}/metrics") as answer:
                assert f'process="{service}"' in await answer.text()
        async with http.get(f"{site.url('api', '8000')}/", headers={"Host": "api:8000"}) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")

    # When they are told to stop, each is the first process of its container
    statuses = {service: await container.stop(STOP_SECONDS) for service, container in containers.items()}

    # Then none had to be killed
    assert statuses == dict.fromkeys(STARTS, 0) | {"api": statuses["api"]}
    assert statuses["api"] in BY_SIGTERM, "uvicorn has stopped with care, and then ends by the signal"


def test_every_service_of_ours_is_among_these() -> None:
    ours = {name for name, service in services().items() if service["image"] == "mailing"}
    assert ours == set(OURS) == {*STARTS, "migrate", "demo"}


def _assert_done(ran: Ran) -> None:
    assert ran.status == 0, ran.output + ran.errors
