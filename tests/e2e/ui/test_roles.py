"""What each role is shown, and what not: on every page, and by every address."""

import re
from collections.abc import Iterable

import pytest
from playwright.async_api import Browser, Response

from mailing.roles import Role
from mailing.settings import Settings
from tests.conftest import Sql
from tests.e2e.ui.desk import Desk
from tests.e2e.ui.house import house
from tests.messages.stored import store_mailing, store_message

FOR_OPERATORS = (
    "/mailings/new",
    "/mailings/mailing_{m}/edit",
    "/clients/new",
    "/clients/import",
    "/clients/client_{c}/edit",
)
FOR_ADMINS = ("/report", "/tokens")
PAGES = (
    *("/", "/mailings", "/mailings/mailing_{m}", "/mailings/mailing_{m}?tab=messages"),
    *("/clients", "/clients/client_{c}", "/messages/message_{n}", "/why", "/provider"),
)
NO_SUCH_PAGE = "There is no such page"
CHANGES = re.compile(
    r"^(add|cancel|change|copy|create|delete|edit|end|import|make|more|new|pause|resume|revoke|save|send)\b", re.I
)
"""What is written on buttons that change something, or lead to such."""


@pytest.fixture
async def ids(sql: Sql) -> dict[str, int]:
    """A running mailing with a message to a client."""
    (client,) = await sql(
        "INSERT INTO client (phone, operator_code, tag, timezone) VALUES (79161234567, '916', '', 'UTC') RETURNING id"
    )
    mailing = await store_mailing(sql)
    return {"c": client["id"], "m": mailing, "n": await store_message(sql, mailing, client["id"])}


async def test_a_viewer_is_shown_nothing_that_they_may_not_do(
    browser: Browser, settings: Settings, ids: dict[str, int]
) -> None:
    async with house(settings) as home, home.seat(browser, Role.VIEWER) as desk:
        refused = _refusals(desk)

        # When a viewer goes everywhere
        offered = {path: await _offered(desk, path) for path in _filled(PAGES, ids)}
        # Then nothing leads to a change, and nothing was asked for that they may not have
        closed = set(_filled(FOR_OPERATORS + FOR_ADMINS, ids))
        found = {path: {one for one in all if one in closed or CHANGES.match(one)} for path, all in offered.items()}
        assert found == {path: set() for path in offered}
        assert refused == []

        # And no address of what they may not do is a page
        for path in closed:
            await desk.go(path)
            await desk.heading(NO_SUCH_PAGE).wait_for()


async def test_an_operator_may_do_all_but_what_is_for_admins(
    browser: Browser, settings: Settings, ids: dict[str, int]
) -> None:
    async with house(settings) as home, home.seat(browser, Role.OPERATOR) as desk:
        refused = _refusals(desk)

        # When an operator goes everywhere
        offered = {path: await _offered(desk, path) for path in _filled(PAGES, ids)}
        # Then there are ways to each change
        all = set().union(*offered.values())
        assert set(_filled(FOR_OPERATORS, ids)) <= all
        assert {"Pause", "Delete"} <= all
        # And none to what is for admins
        assert all.isdisjoint(FOR_ADMINS)
        for path in _filled(FOR_OPERATORS, ids):
            await desk.go(path)
            assert await desk.heading(NO_SUCH_PAGE).count() == 0, path
        for path in FOR_ADMINS:
            await desk.go(path)
            await desk.heading(NO_SUCH_PAGE).wait_for()
        assert refused == []


def _filled(paths: Iterable[str], ids: dict[str, int]) -> list[str]:
    return [path.format(**ids) for path in paths]


def _refusals(desk: Desk) -> list[str]:
    """Answers of the API that say that the role does not suffice, as they come."""
    refused: list[str] = []

    async def look(response: Response) -> None:
        if response.url.endswith("/graphql") and response.request.method == "POST":
            text = await response.text()
            if "FORBIDDEN" in text:
                refused.append(text)

    desk.page.on("response", look)
    return refused


async def _offered(desk: Desk, path: str) -> set[str]:
    """Where the links of a page lead, and what its buttons are called."""
    await desk.go(path)
    assert await desk.heading(NO_SUCH_PAGE).count() == 0, path
    offered: list[str] = await desk.page.evaluate(
        """() => [
            ...[...document.links].map((link) => link.pathname),
            ...[...document.querySelectorAll('button')].map((one) => one.ariaLabel ?? one.innerText.trim()),
        ]"""
    )
    return set(offered)
