"""The API behind a real socket, in this process."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext

import aiohttp
import pytest
from pydantic import SecretStr

from gql_api.app import create_app
from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.serving import serving
from tests.post_office import PostOffice, post_office


@pytest.fixture(scope="session")
async def _post() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture
def post(_post: PostOffice) -> PostOffice:
    """The mail server of `api`, empty and in good order."""
    _post.mails.clear()
    _post.refuses.clear()
    _post.answer = "250 OK"
    return _post


@pytest.fixture(scope="session")
async def _api(_connection: None, settings: Settings, _post: PostOffice) -> AsyncIterator[Api]:
    reports = {"report_to": "ann@example.com, bob@example.com", "report_from": "mailing@example.com"}
    settings = settings.model_copy(update=reports | {"smtp_url": SecretStr(_post.url())})
    with pytest.MonkeyPatch.context() as patch:
        # Only one connection pool a process: that of the tests.
        patch.setattr("gql_api.app.orm.connected", lambda _: nullcontext())
        async with serving(create_app(settings)) as address, aiohttp.ClientSession() as http:
            yield Api(http, address)


@pytest.fixture
def api(_api: Api, database: None, post: PostOffice) -> Api:
    """The API, with an empty database."""
    return _api


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that the database gets while the test runs; clear it where counting begins."""
    seen: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())

    log, handler = logging.getLogger("tortoise.db_client"), Keep()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield seen
    log.removeHandler(handler)
    log.setLevel(level)
