"""One service and one browser for all stories of the admin UI; a desk of its own for each.

The service is that of the other end-to-end stories: `office` does beforehand what a story is not about, `outside`
steers the SMS service. It has what earlier stories left behind: look for your own by the office's name.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from gql_api.ui.page import BUNDLE
from tests.e2e.playground import PATIENCE_SECONDS, browsing
from tests.e2e.service import Service
from tests.e2e.ui.desk import Desk, seated


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert (BUNDLE / "index.html").exists(), "run `make web`"
    expect.set_options(timeout=PATIENCE_SECONDS * 1_000)
    async with browsing() as context:
        assert context.browser
        yield context.browser


@pytest.fixture
async def desk(browser: Browser, service: Service) -> AsyncIterator[Desk]:
    """Somebody who may do everything, with a wide screen, in English and in Moscow."""
    async with seated(browser, service.address) as desk:
        yield desk
