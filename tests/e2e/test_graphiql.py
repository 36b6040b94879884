"""GraphiQL of a fresh `mailing up`, driven through a real browser."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Route

from gql_api.docs.page import BUNDLE
from tests.e2e.playground import PATIENCE_SECONDS, Playground, browsing
from tests.e2e.service import Service
from tests.waiting import until

HEAVIEST_FIRST_VISIT_BYTES = 1_700_000
HEAVIEST_NEXT_VISIT_BYTES = 150_000
"""Nearly all of it is the schema, which is asked for each time."""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[BrowserContext]:
    assert (BUNDLE / "index.html").exists(), "run `make web`"
    async with browsing() as context:
        yield context


@pytest.fixture(scope="module")
async def _playground(browser: BrowserContext, newcomer: Service) -> Playground:
    return await Playground.opened(browser, f"http://{newcomer.address}/docs/")


@pytest.fixture
def playground(_playground: Playground) -> Playground:
    """The page, as the tests before have left it."""
    return _playground


async def test_every_example_gives_what_it_promises(playground: Playground) -> None:
    # Given the tabs of a first visit, in which one thing leads to the next
    assert await playground.tabs() == [
        "AddClient", "UpdateClient", "CreateMailing", "FollowMailing", "ActiveMailings", "OverallStatistics",
        "MailingStatistics", "Timeline", "Explain", "UpdateMailing", "DeleteMailing", "DeleteClient",
    ]  # fmt: skip

    # When each is run
    added = await playground.run("AddClient")
    updated = await playground.run("UpdateClient")
    created = await playground.run("CreateMailing")
    await playground.run("FollowMailing")

    # Then the subscription shows one state after the other by itself, and ends when it is stopped
    seen = set()

    async def has_moved() -> bool:
        seen.add((await playground.answer())["data"]["mailingProgress"]["sent"])
        return len(seen) >= 5

    await until(has_moved, seconds=PATIENCE_SECONDS)
    await playground.press_run()
    await until(playground.sockets[-1].is_closed, seconds=PATIENCE_SECONDS)
    assert playground.sent_frames[-1]["type"] == "complete"

    # And everything else is answered
    active = await playground.run("ActiveMailings")
    overall = await playground.run("OverallStatistics")
    detailed = await playground.run("MailingStatistics")
    happened = await playground.run("Timeline")
    explained = await playground.run("Explain")
    changed = await playground.run("UpdateMailing")
    mailing_deleted = await playground.run("DeleteMailing")
    client_deleted = await playground.run("DeleteClient")
    assert added["data"]["createClient"]["id"] == "client_1001"
    assert updated["data"]["updateClient"]["tag"] == "vip"
    assert (created["data"]["createMailing"]["id"], created["data"]["createMailing"]["maxRate"]) == ("mailing_2", 10)
    assert [mailing["id"] for mailing in active["data"]["mailings"]["nodes"]] == ["mailing_1", "mailing_2"]
    assert active["data"]["mailings"]["nodes"][1]["messages"]["nodes"][0]["attempts"][0]["outcome"] == "ACCEPTED"
    assert overall["data"]["statistics"]["mailings"] == 2
    assert detailed["data"]["mailing"]["statistics"]["byStatus"][2]["count"] >= max(seen)
    edited = {"field": "tag", "before": "newcomer", "after": "vip"}
    assert edited in [change for entry in happened["data"]["timeline"]["nodes"] for change in entry["changes"]]
    assert explained["data"]["explain"]["text"]
    assert changed["data"]["updateMailing"]["text"] == "A better text"
    assert mailing_deleted == {"data": {"deleteMailing": {"id": "mailing_2"}}}
    assert client_deleted == {"data": {"deleteClient": {"id": "client_1001"}}}


async def test_nothing_is_asked_of_anyone_else_and_the_browser_has_nothing_to_complain_of(
    playground: Playground, newcomer: Service
) -> None:
    assert {urlsplit(request.url).netloc for request in playground.requests} == {newcomer.address}
    assert {urlsplit(socket.url).netloc for socket in playground.sockets} == {newcomer.address}
    assert playground.complaints == []


async def test_the_documentation_tells_what_the_schema_says(playground: Playground) -> None:
    # When
    await playground.page.get_by_text("Mutation", exact=True).click()
    await playground.page.get_by_text("createMailing", exact=True).first.click()

    # Then
    await playground.page.get_by_text("Between startsAt and endsAt it starts at once").wait_for()


async def test_a_mistake_is_underlined_while_it_is_written(playground: Playground) -> None:
    await playground.page.get_by_role("button", name="New tab").click()
    await playground.write("operation.graphql", "{ mailinks { totalCount } }")

    async def is_underlined() -> bool:
        return any('Cannot query field "mailinks"' in mistake for mistake in await playground.mistakes())

    await until(is_underlined, seconds=PATIENCE_SECONDS)


async def test_a_header_reaches_the_api_by_http_and_by_websocket(playground: Playground) -> None:
    # Given
    await playground.write("headers.json", '{"X-Who": "a person"}')

    # When
    await playground.write("operation.graphql", "query Who { __typename }")
    await playground.press_run()
    assert await playground.answer() == {"data": {"__typename": "Query"}}
    await playground.write("operation.graphql", "subscription Who { providerHealth { breaker } }")
    await playground.press_run()
    assert await playground.answer() == {"data": {"providerHealth": {"breaker": "CLOSED"}}}
    await playground.press_run()

    # Then
    posted = [request for request in playground.requests if request.method == "POST"][-1]
    assert await posted.header_value("x-who") == "a person"
    assert await posted.header_value("graphql-require-preflight") == "1"
    opened = [frame for frame in playground.sent_frames if frame["type"] == "connection_init"][-1]
    assert opened == {"type": "connection_init", "payload": {"x-who": "a person"}}


async def test_what_goes_wrong_is_told_in_a_sentence(playground: Playground) -> None:
    answers = []
    for meddle in (_answer_like_a_proxy, _hang_up):
        # Given
        await playground.page.route("**/graphql", meddle)

        # When
        await playground.write("operation.graphql", "query Who { __typename }")
        await playground.press_run()
        answers.append(await playground.answer())
        await playground.page.unroute("**/graphql")

    # Then
    assert answers == [
        {"errors": [{"message": "HTTP 502 Bad Gateway: <h1>Bad gateway</h1>"}]},
        {"errors": [{"message": "The API cannot be reached: TypeError: Failed to fetch"}]},
    ]
    playground.complaints.clear()


async def test_an_example_that_was_closed_comes_back_from_the_list(playground: Playground) -> None:
    # Given
    await playground.choose("OverallStatistics")
    await playground.page.locator(".graphiql-tab-active .graphiql-tab-close").click()
    assert "OverallStatistics" not in await playground.tabs()

    # When
    await playground.page.get_by_role("button", name="Show Examples").click()
    await playground.page.get_by_role("button", name="OverallStatistics", exact=True).click()

    # Then
    answer = await playground.run("OverallStatistics")
    assert set(answer["data"]) == {"statistics", "mailings"}
    await playground.page.get_by_role("button", name="Show Documentation Explorer").click()


async def test_a_visit_is_light_and_the_next_one_lighter(browser: BrowserContext, newcomer: Service) -> None:
    assert browser.browser
    newcomers = await browser.browser.new_context()

    # When it is visited twice, at the API's own address, which shows the same
    first = await _weight_of_all(await Playground.opened(newcomers, f"http://{newcomer.address}/graphql"))
    again = await Playground.opened(newcomers, f"http://{newcomer.address}/graphql")
    await again.page.wait_for_load_state("networkidle")
    next_: int = await again.page.evaluate(
        "performance.getEntries().reduce((sum, one) => sum + (one.transferSize ?? 0), 0)"
    )

    # Then
    print(f"first visit {first:,} bytes, next visit {next_:,} bytes")
    assert first < HEAVIEST_FIRST_VISIT_BYTES
    assert next_ < HEAVIEST_NEXT_VISIT_BYTES


async def _weight_of_all(playground: Playground) -> int:
    """Everything that it asked for once, as it comes over the network, workers included."""
    await playground.page.wait_for_load_state("networkidle")
    responses = {request.url: await request.response() for request in playground.requests}
    return sum([int(await response.header_value("content-length") or 0) for response in responses.values() if response])


async def _answer_like_a_proxy(route: Route) -> None:
    await route.fulfill(status=502, body="<h1>Bad gateway</h1>")


async def _hang_up(route: Route) -> None:
    await route.abort()
