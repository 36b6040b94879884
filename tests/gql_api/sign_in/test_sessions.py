"""What a session is good for, how long, and against whom."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from yarl import URL

from gql_api.auth import watch
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import COUNT, OK, connected, farewell
from tests.gql_api.sign_in.browser import PREFLIGHT, Browser
from tests.gql_api.sign_in.conftest import reached_by_browsers
from tests.gql_api.sign_in.hostile import misleading
from tests.gql_api.sign_in.openid_provider import OpenIdProvider

EVIL = "https://evil.example"
ACK = {"type": "connection_ack"}
FOLLOW = "subscription { providerHealth { breaker } }"


def cookie(browser: Browser) -> dict[str, str]:
    """The header that shows the session."""
    return {"Cookie": f"mailing_session={browser.cookies()['mailing_session']}"}


@pytest.mark.parametrize(
    ("public_url", "prefix", "flags"),
    [
        (None, "mailing_", {"httponly": True, "samesite": "lax", "path": "/", "secure": "", "domain": ""}),
        (
            "https://mailing.example.com",
            "__Host-mailing_",
            {"httponly": True, "samesite": "lax", "path": "/", "secure": True, "domain": ""},
        ),
    ],
)
async def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(
    settings: Settings, database: None, public_url: str | None, prefix: str, flags: dict[str, object]
) -> None:
    changed = {"public_url": public_url} if public_url else {}
    async with misleading() as provider, reached_by_browsers(settings, provider.url, **changed) as api:
        home = public_url or f"http://{api.address}"
        # When somebody signs in
        async with api.http.get(f"http://{api.address}/auth/sign-in?next=/x", allow_redirects=False) as response:
            question = URL(response.headers["Location"]).query
            begun = SimpleCookie(response.headers["Set-Cookie"])
        ((name, morsel),) = begun.items()
        provider.nonce = question["nonce"]
        answer = {"state": question["state"], "code": "good", "iss": provider.url}
        async with api.http.get(
            f"http://{api.address}/auth/callback",
            params=answer,
            headers={"Cookie": f"{name}={morsel.value}"},
            allow_redirects=False,
        ) as response:
            ended, *others = [SimpleCookie(line) for line in response.headers.getall("Set-Cookie")]
            location = response.headers["Location"]

    # Then
    assert (question["redirect_uri"], location) == (f"{home}/auth/callback", f"{home}/x")
    assert [{flag: one[flag] for flag in flags} for one in begun.values()] == [flags]
    assert (name.startswith(f"{prefix}sign_in_"), morsel["max-age"]) == (True, "600")
    assert list(ended) == [f"{prefix}session"]
    assert {flag: ended[f"{prefix}session"][flag] for flag in flags} == flags
    assert (ended[f"{prefix}session"]["max-age"], len(ended[f"{prefix}session"].value)) == ("28800", 43)
    # And that of the sign-in is taken back
    assert [(one, others[0][one]["max-age"]) for one in others[0]] == [(name, "0")]


async def test_a_session_is_as_long_as_the_settings_say(settings: Settings, provider: OpenIdProvider, sql: Sql) -> None:
    async with (
        reached_by_browsers(settings, provider.url, session_hours=1.5) as api,
        Browser.opened(api) as browser,
    ):
        await browser.sign_in("vera")

        (row,) = await sql("SELECT expires_at - created_at AS lasting FROM session")
        _, answer = await browser.graphql("{ viewer { session { expiresAt } } }")
    told = datetime.fromisoformat(answer["data"]["viewer"]["session"]["expiresAt"])
    assert row["lasting"] == timedelta(hours=1.5)
    assert abs(told - datetime.now(UTC) - timedelta(hours=1.5)) < timedelta(minutes=1)


async def test_a_socket_ends_with_its_session(browser: Browser, desk: Api, sql: Sql) -> None:
    # Given one in a session that is nearly over
    await browser.sign_in("vera")
    headers = {**cookie(browser), "Origin": str(browser.home)}
    await sql("UPDATE session SET expires_at = now() + interval '2 s'")
    async with connected(desk, headers=headers) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", FOLLOW)

        # When it is over
        async with asyncio.timeout(10):
            assert await farewell(socket) == (4403, "The authorization has expired")

    # Then the next request is not let in either, busy as it was
    assert (await browser.graphql(COUNT))[0] == 401


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({}, 200),
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"GraphQL-Require-Preflight": ""}, 403),
        ({"Origin": EVIL, "GraphQL-Require-Preflight": ""}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/auth/sign-out"])
async def test_no_other_page_can_use_the_cookie(
    browser: Browser, sql: Sql, path: str, headers: dict[str, str], outcome: int
) -> None:
    # Given
    await browser.sign_in("ada")

    # When
    status, answer = await browser.post(path, {"query": COUNT}, **headers)

    # Then
    assert status == outcome
    if outcome == 403:
        assert [error["extensions"] for error in answer["errors"]] == [{"code": "FORBIDDEN"}]
        assert len(await sql("SELECT * FROM session")) == 1


@pytest.mark.parametrize("origin", [None, EVIL])
async def test_no_other_page_can_open_a_socket_with_the_cookie(browser: Browser, desk: Api, origin: str | None) -> None:
    await browser.sign_in("ada")
    url = f"http://{desk.address}/graphql"
    headers = {**cookie(browser), **({"Origin": origin} if origin else {})}

    async with desk.http.get(
        url,
        headers={
            **headers,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol": "graphql-transport-ws",
        },
    ) as response:
        assert response.status == 403


async def test_a_page_of_ours_opens_a_socket_with_the_cookie_alone(browser: Browser, desk: Api) -> None:
    await browser.sign_in("vera")

    async with connected(desk, headers={**cookie(browser), "Origin": str(browser.home)}) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", "{ viewer { name role session { __typename } } }")
        assert (await socket.receive())["payload"]["data"]["viewer"] == {
            "name": "Vera Rubin",
            "role": "VIEWER",
            "session": {"__typename": "BrowserSession"},
        }


async def test_a_sign_out_ends_the_sockets_and_streams_of_that_session_and_no_others(
    browser: Browser, desk: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_AGAIN_SECONDS", 0.2)
    async with Browser.opened(desk) as elsewhere:
        # Given the same person in two browsers, following
        await browser.sign_in("ada")
        await elsewhere.sign_in("ada")
        origin = {"Origin": str(browser.home)}
        async with (
            connected(desk, headers={**cookie(browser), **origin}) as socket,
            connected(desk, headers={**cookie(elsewhere), **origin}) as other,
            desk.http.post(
                f"http://{desk.address}/graphql",
                json={"query": FOLLOW},
                headers={**cookie(browser), **origin, **PREFLIGHT, "Accept": "text/event-stream"},
            ) as stream,
        ):
            assert await socket.receive() == await other.receive() == ACK
            await socket.subscribe("a", FOLLOW)
            assert (await socket.receive())["type"] == "next"

            # When they sign out in one
            await browser.sign_out()

            # Then all that lasted there ends
            async with asyncio.timeout(10):
                assert await farewell(socket) == (4403, "The authorization has been withdrawn")
                assert b"event: next" in await stream.read()
            # And nothing in the other
            await other.subscribe("a", COUNT)
            assert (await other.receive())["payload"] == OK[1]


async def test_each_sign_in_is_a_new_session_and_ends_the_one_before(browser: Browser, sql: Sql) -> None:
    # Given a session, and a browser to which somebody else has given one that they know
    await browser.sign_in("ada")
    first = browser.cookies()["mailing_session"]

    # When
    await browser.sign_in("ada")

    # Then
    assert browser.cookies()["mailing_session"] != first
    assert [row["subject"] for row in await sql("SELECT subject FROM session")] == ["ada"]
    browser.http.cookie_jar.update_cookies({"mailing_session": first}, browser.home)
    assert (await browser.graphql(COUNT))[0] == 401


async def test_a_token_in_words_goes_before_the_cookie_even_a_bad_one(
    browser: Browser, provider: OpenIdProvider
) -> None:
    await browser.sign_in("ada")
    who = "{ viewer { name } }"
    good = f"Bearer {await provider.token_for('importer')}"

    assert (await browser.graphql(who, Authorization=good))[1]["data"] == {"viewer": {"name": "importer"}}
    for bad in ("Bearer a.b.c", "Bearer unknown", "Basic YTpi"):
        assert (await browser.graphql(who, Authorization=bad))[0] == 401


@pytest.mark.parametrize("value", ["", "x", "a" * 43, "é", '"a', "a" * 5_000])
async def test_a_cookie_that_is_no_session_is_none(desk: Api, value: str) -> None:
    headers = {"Cookie": f"mailing_session={value}", "Origin": f"http://{desk.address}", **PREFLIGHT}
    async with desk.http.post(f"http://{desk.address}/graphql", json={"query": COUNT}, headers=headers) as response:
        assert (response.status, (await response.json())["errors"][0]["message"]) == (401, "Sign in first")


async def test_two_tabs_may_sign_in_at_once(browser: Browser) -> None:
    first, second = await browser.answer("ada"), await browser.answer("ada", next="/docs/?tab=2")

    assert (await browser.ask(first)).status == (await browser.ask(second)).status == 303


async def test_signing_out_twice_does_no_harm(browser: Browser) -> None:
    await browser.sign_in("ada")
    await browser.sign_out()

    assert await browser.sign_out() == (200, {"continueAt": str(browser.home.with_path("/"))})


async def refuse(*_: object) -> None:
    raise OSError("away")


async def hang(*_: object) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("away", [refuse, hang])
async def test_while_the_database_is_away_nobody_is_taken_for_signed_out(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, away: Callable[..., Awaitable[None]]
) -> None:
    await browser.sign_in("ada")
    with monkeypatch.context() as patch:
        for module in ("gql_api.auth.looking", "gql_api.sign_in.routes"):
            patch.setattr(f"{module}.LONGEST_LOOK_SECONDS", 0.05)
        for query in ("session_by_id", "delete_session"):
            patch.setattr(f"mailing.sessions.service.{query}", away)
        asked, signed_out = await browser.graphql(COUNT), await browser.sign_out()
        page = await browser.sign_in("ada")

    assert [status for status, _ in (asked, signed_out)] == [503, 503]
    assert (page.status, page.title) == (503, "Signing in is not possible right now")
    assert (await browser.graphql(COUNT))[0] == 200


async def test_a_page_behind_a_proxy_is_known_by_the_public_name(
    settings: Settings, provider: OpenIdProvider, database: None
) -> None:
    public = {"public_url": "https://mailing.example.com"}
    async with reached_by_browsers(settings, provider.url, **public) as api:
        for origin, status in (("https://mailing.example.com", 200), ("https://other.example.com", 403)):
            headers = {"Origin": origin, **PREFLIGHT, "Host": "api.internal:8000"}
            async with api.http.post(f"http://{api.address}/auth/sign-out", headers=headers) as response:
                assert response.status == status
                assert "Access-Control-Allow-Origin" not in response.headers
                assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
