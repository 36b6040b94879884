"""The API where nobody gets the report."""

from collections.abc import AsyncIterator

import pytest

from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.serving import whole_api


@pytest.fixture
async def silent_api(_connection: None, database: None, settings: Settings) -> AsyncIterator[Api]:
    async with whole_api(settings) as api:
        yield api
