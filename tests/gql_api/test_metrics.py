"""What the API shows of itself at /metrics, and to whom."""

from functools import partial

import pytest

from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.cli.preconditions import free_port
from mailing.metrics import graphql
from mailing.roles import Role
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.serving import whole_api
from tests.metrics.pages import Sheet, fetch
from tests.waiting import until

OPERATIONS = "mailing_graphql_operations_total"


async def page(api: Api) -> Sheet:
    return await fetch(api.http, f"http://{api.address}/metrics")


async def rise(api: Api, before: Sheet, **labels: str) -> float:
    return (await page(api)).value(OPERATIONS, **labels) - before.value(OPERATIONS, **labels)


async def test_operations_are_counted_by_name_kind_and_outcome(api: Api) -> None:
    before = await page(api)
    await api.ask("query CountThem { clients { totalCount } }")
    await api.ask("{ clients { totalCount } }")
    await api.post("query CountThem { clients(first: 1000) { totalCount } }")
    await api.post('mutation AddOne { createClient(input: {phone: "1", tag: "a", timezone: "b"}) { __typename } }')
    after = await page(api)

    assert await rise(api, before, type="query", operation="CountThem", outcome="ok") == 1
    assert await rise(api, before, type="query", operation="CountThem", outcome="refused") == 1
    assert await rise(api, before, type="query", operation="anonymous", outcome="ok") == 1
    # A fact that an input is wrong is an answer, not an error.
    assert await rise(api, before, type="mutation", operation="AddOne", outcome="ok") == 1
    seconds = "mailing_graphql_operation_duration_seconds_count"
    assert after.value(seconds, operation="CountThem") - before.value(seconds, operation="CountThem") == 2


async def test_what_we_failed_at_is_told_from_what_the_caller_did_wrong(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> int:
        raise RuntimeError("broken")

    before = await page(api)
    monkeypatch.setattr("gql_api.clients.queries.count_clients", fail)
    await api.post("query Broken { clients { totalCount } }")

    assert await rise(api, before, operation="Broken", outcome="failed") == 1
    assert await rise(api, before, operation="Broken", outcome="refused") == 0


async def test_no_caller_can_make_up_labels_without_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(graphql, "_names", {"Known"})
    monkeypatch.setattr(graphql, "MOST_NAMES", 3)
    before = await page(api)

    # When names are made up, for documents that are no good and for some that are
    for n in range(5):
        await api.post(f"query Wrong{n} {{ nothing }}")
        await api.post(f"query Right{n} {{ viewer {{ role }} }}")

    # Then the first good ones are known, and all others are the same
    assert graphql._names == {"Known", "Right0", "Right1"}
    assert await rise(api, before, operation="Right1", outcome="ok") == 1
    assert await rise(api, before, operation="other", outcome="ok") == 3
    assert await rise(api, before, operation="other", outcome="refused") == 5


async def test_operations_on_sockets_count_like_all_others(api: Api) -> None:
    # Given
    before = await page(api)
    documents = [
        "query OnSocket { viewer { role } }",
        "query WrongOnSocket { nothing }",
        'subscription Lost { mailingProgress(mailingId: "mailing_404") { sent } }',
    ]

    # When each is asked, and its answer is over
    async with api.socket() as socket:
        for id, document in enumerate(documents):
            await socket.send(id=str(id), type="subscribe", payload={"query": document})
            while (await socket.receive())["type"] == "next":
                pass

    # Then; of what was never executed, the name is not learned
    for kind, name, outcome in (
        ("query", "OnSocket", "ok"),
        ("query", "other", "refused"),
        ("subscription", "Lost", "refused"),
    ):
        await until(partial(_counted, api, before, type=kind, operation=name, outcome=outcome), seconds=20)


async def test_what_is_followed_is_counted_while_it_is(api: Api) -> None:
    async def followed() -> tuple[float, float]:
        now = await page(api)
        field = now.value("mailing_subscriptions", subscription="providerHealth")
        return field, now.value("mailing_websockets")

    async def is_followed() -> bool:
        return await followed() == (1, 1)

    async def is_not() -> bool:
        return await followed() == (0, 0)

    async with api.socket() as socket:
        await socket.send(id="1", type="subscribe", payload={"query": "subscription { providerHealth { breaker } }"})
        await until(is_followed)
    await until(is_not)


async def test_where_sign_in_is_on_a_viewer_reads_them_and_nobody_else(sql: Sql, settings: Settings) -> None:
    async with whole_api(settings, auth_api_tokens=True) as api:
        await _only_who_shows_a_token_reads(api, sql)


@pytest.mark.usefixtures("database")
async def test_a_setting_opens_them_to_everybody(settings: Settings) -> None:
    async with whole_api(settings, auth_api_tokens=True, metrics_without_sign_in=True) as api:
        assert (await page(api)).has("mailing_process_info")
        async with api.http.get(f"http://{api.address}/graphql?query={{__typename}}") as other:
            assert other.status == 401


@pytest.mark.usefixtures("database")
async def test_a_port_of_its_own_shows_all_without_sign_in(settings: Settings) -> None:
    port = free_port()
    async with whole_api(settings, auth_api_tokens=True, metrics_port=port) as api:
        watched = await fetch(api.http, f"http://127.0.0.1:{port}/metrics")
        assert watched.value("mailing_service_server_up") == 2
        assert watched.has("mailing_service_messages")
        async with api.http.get(f"http://127.0.0.1:{port}/healthz") as health:
            assert (health.status, await health.text()) == (200, "ok\n")


async def test_they_are_asked_for_by_get(api: Api) -> None:
    async with api.http.post(f"http://{api.address}/metrics") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_openmetrics_is_answered_to_who_accepts_it(api: Api) -> None:
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with api.http.get(f"http://{api.address}/metrics", headers=accept) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
        assert (await answer.text()).endswith("# EOF\n")


async def _only_who_shows_a_token_reads(api: Api, sql: Sql) -> None:
    # Given
    await sql("SELECT setval('access_token_id_seq', 9000)")
    token = await create_token(NewToken("prometheus", Role.VIEWER, None), COMMAND_LINE)
    url = f"http://{api.address}/metrics"

    # When
    async with api.http.get(url) as nothing_shown:
        refused = (nothing_shown.status, "mailing_" in await nothing_shown.text())
    async with api.http.get(url, headers={"Authorization": f"Bearer {token.secret}"}) as shown:
        allowed, text = shown.status, await shown.text()

    # Then, and who was refused is counted
    assert refused == (401, False)
    assert allowed == 200
    assert 'mailing_auth_refusals_total{code="UNAUTHENTICATED"}' in text


async def _counted(api: Api, before: Sheet, **labels: str) -> bool:
    return await rise(api, before, **labels) == 1
