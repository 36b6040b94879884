"""The whole service, as real processes, once for a test session; each story gets it quiet and healthy."""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from mailing.cli.preconditions import free_port
from tests.e2e.crowd import Crowd, import_crowd
from tests.e2e.office import Office
from tests.e2e.outside import Addresses, Outside, outside_process
from tests.e2e.service import Service
from tests.gql_api.api import Api

SHORT_TIMES = {
    "MAILING_PROVIDER_CONNECT_TIMEOUT_SECONDS": "3",
    "MAILING_PROVIDER_TIMEOUT_SECONDS": "3",
    "MAILING_LEASE_SECONDS": "8",
    "MAILING_DRAIN_SECONDS": "4.5",
    "MAILING_RETRY_BASE_SECONDS": "0.1",
    "MAILING_RETRY_CAP_SECONDS": "0.5",
    "MAILING_SWEEP_INTERVAL_SECONDS": "0.5",
}
_names = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All stories in one test process: two services on one machine would only slow each other down."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def e2e_folder() -> Iterator[Path]:
    """A folder that the servers' user can reach also when the tests run as root."""
    path = Path(tempfile.mkdtemp(prefix="mailing-e2e-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def outside_addresses() -> Iterator[Addresses]:
    with outside_process() as addresses:
        yield addresses


@pytest.fixture(scope="session")
async def _service(e2e_folder: Path, outside_addresses: Addresses) -> AsyncIterator[Service]:
    provider = {"MAILING_PROVIDER_URL": outside_addresses.url, "MAILING_PROVIDER_TOKEN": "of-the-stories"}
    service = Service(e2e_folder, free_port(), SHORT_TIMES | provider)
    try:
        await service.start()
        yield service
    finally:
        await service.stop_if_running()


@pytest.fixture(scope="module")
async def newcomer(e2e_folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    """A service of a test module's own, just started for the first time: with sample data and its own fake provider."""
    folder = e2e_folder / request.module.__name__.rpartition(".")[2]
    folder.mkdir(mode=0o711)
    service = Service(folder, free_port(), {}, demo=True)
    await service.start()
    yield service
    await service.stop_if_running()


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
async def outside(http: aiohttp.ClientSession, outside_addresses: Addresses) -> AsyncIterator[Outside]:
    """The outside service, well and without memories."""
    outside = Outside(http, outside_addresses.admin_url)
    await outside.play()
    await outside.forget()
    yield outside
    await outside.play()


@pytest.fixture
async def service(_service: Service) -> AsyncIterator[Service]:
    """The running service. What it said during a story is shown if that failed."""
    position = _service.log_position()
    yield _service
    print(_service.log_since(position))


@pytest.fixture
def api(service: Service, outside: Outside) -> Api:
    return Api(outside.http, service.address)


@pytest.fixture
async def office(api: Api) -> AsyncIterator[Office]:
    """Someone with no clients yet. What is still being sent at the end of a story is ended with it."""
    office = Office(api, f"story {next(_names)}")
    yield office
    query = "{ mailings(statuses: [SCHEDULED, RUNNING, PAUSED], first: 100) { nodes { id } } }"
    for mailing in (await api.ask(query))["mailings"]["nodes"]:
        await office.mutate("cancelMailing", id=mailing["id"])


@pytest.fixture(scope="session")
async def _crowd(_service: Service) -> Crowd:
    return await asyncio.to_thread(import_crowd, _service)


@pytest.fixture
def crowd(_crowd: Crowd) -> Crowd:
    """Five thousand clients, the same for all stories."""
    return _crowd
