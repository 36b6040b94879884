"""The API with sign-in, and the issuer that it trusts."""

from collections.abc import AsyncIterator

import pytest

from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.auth.issuer import AUDIENCE, Issuer, issuing
from tests.gql_api.serving import whole_api


@pytest.fixture(scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """For tests that do not change it; others make one with `issuing`."""
    async with issuing() as one:
        yield one


@pytest.fixture(scope="session")
async def _signed(_connection: None, issuer: Issuer, settings: Settings) -> AsyncIterator[Api]:
    async with whole_api(settings, **trusting(issuer)) as api:
        yield api


@pytest.fixture
def signed(_signed: Api, database: None) -> Api:
    """The API with sign-in by the issuer's tokens and no patience with clocks, and an empty database."""
    return _signed


def trusting(issuer: Issuer) -> dict[str, object]:
    """Settings."""
    return {"auth_issuer": issuer.url, "auth_audience": AUDIENCE, "auth_leeway_seconds": 0}
