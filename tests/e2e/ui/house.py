"""The service behind a door: people show a token, which the house has one of for each role."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser

from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from mailing.settings import Settings
from tests.e2e.ui.desk import Desk, seated
from tests.gql_api.serving import whole_api


@dataclass(frozen=True, slots=True)
class House:
    """Where it is, and what lets people in."""

    address: str
    tokens: Mapping[Role, str]

    @asynccontextmanager
    async def seat(self, browser: Browser, role: Role, **habits: Any) -> AsyncIterator[Desk]:
        """Somebody of that role who has come in."""
        async with seated(browser, self.address, **habits) as desk:
            keep = f"sessionStorage.setItem('mailing.token', '{self.tokens[role]}')"
            await desk.page.add_init_script(f"if (self === top) {keep}")
            yield desk


@asynccontextmanager
async def house(settings: Settings, **changed: object) -> AsyncIterator[House]:
    """The API alone, on the tests' own database; nothing is sent."""
    async with whole_api(settings, auth_api_tokens=True, **changed) as api:
        tokens = [(role, await create_token(NewToken(role.name, role, None), COMMAND_LINE)) for role in Role]
        yield House(api.address, {role: issued.secret for role, issued in tokens})
