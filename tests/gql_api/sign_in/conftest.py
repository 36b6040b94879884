"""The API, people with browsers, and the providers that they sign in at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mailing.cli.preconditions import free_port
from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.auth.issuer import AUDIENCE
from tests.gql_api.serving import whole_api
from tests.gql_api.sign_in.browser import Browser
from tests.gql_api.sign_in.openid_provider import CLIENT, OpenIdProvider, providing


@asynccontextmanager
async def reached_by_browsers(settings: Settings, issuer: str, **changed: object) -> AsyncIterator[Api]:
    """The whole application, with people who sign in at the issuer."""
    port = free_port()
    sign_in = {"auth_issuer": issuer, "auth_audience": AUDIENCE, "public_url": f"http://127.0.0.1:{port}"}
    patient = {"sign_in_starts_per_minute": 10_000}
    async with whole_api(settings, port, **{**sign_in, **CLIENT, **patient, **changed}) as api:
        yield api


@pytest.fixture(scope="session")
async def provider() -> AsyncIterator[OpenIdProvider]:
    async with providing() as one:
        yield one


@pytest.fixture(scope="session")
async def _desk(_connection: None, provider: OpenIdProvider, settings: Settings) -> AsyncIterator[Api]:
    async with reached_by_browsers(settings, provider.url) as api:
        yield api


@pytest.fixture
def desk(_desk: Api, database: None) -> Api:
    """The API with sign-in at the real provider, and an empty database."""
    return _desk


@pytest.fixture
async def browser(desk: Api) -> AsyncIterator[Browser]:
    """Of somebody who has never been here."""
    async with Browser.opened(desk) as one:
        yield one
