"""The API with sign-in, and the issuer that it trusts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import aiohttp
import pytest

from gql_api.app import create_app
from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.auth.issuer import AUDIENCE, Issuer, issuing
from tests.gql_api.serving import serving


@asynccontextmanager
async def guarded(settings: Settings, **changed: object) -> AsyncIterator[Api]:
    """The whole application on the tests' own database, with settings changed."""
    with pytest.MonkeyPatch.context() as patch:
        # Each is one for the whole process, and others use them.
        for part in ("orm.connected", "_queue", "_publisher"):
            patch.setattr(f"gql_api.app.{part}", lambda _: nullcontext())
        app = create_app(settings.model_copy(update=changed))
        async with serving(app) as address, aiohttp.ClientSession() as http:
            yield Api(http, address)


@pytest.fixture(scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """For tests that do not change it; others make one with `issuing`."""
    async with issuing() as one:
        yield one


@pytest.fixture(scope="session")
async def _signed(_connection: None, issuer: Issuer, settings: Settings) -> AsyncIterator[Api]:
    async with guarded(settings, **trusting(issuer)) as api:
        yield api


@pytest.fixture
def signed(_signed: Api, database: None) -> Api:
    """The API with sign-in by the issuer's tokens and no patience with clocks, and an empty database."""
    return _signed


def trusting(issuer: Issuer) -> dict[str, object]:
    """Settings."""
    return {"auth_issuer": issuer.url, "auth_audience": AUDIENCE, "auth_leeway_seconds": 0}
