"""Signing in and out at a provider that others have made, by HTTP."""

import base64
import json

import orjson
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from yarl import URL

from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import COUNT, OK, ask, code, connected, farewell
from tests.gql_api.sign_in.browser import Browser
from tests.gql_api.sign_in.conftest import reached_by_browsers
from tests.gql_api.sign_in.openid_provider import OpenIdProvider

WHO = "{ viewer { name role session { __typename } signInUrl } }"


@pytest.mark.parametrize(
    ("person", "name", "role"),
    [
        ("ada", "Ada Lovelace", "ADMIN"),
        ("oscar", "Oscar <b>Wilde</b>", "OPERATOR"),
        ("vera", "Vera Rubin", "VIEWER"),
    ],
)
async def test_a_person_signs_in_and_goes_on_to_the_page_they_wanted(
    browser: Browser, person: str, name: str, role: str
) -> None:
    # When
    page = await browser.sign_in(person, next="/docs/?tab=2")

    # Then
    assert (page.status, page.leads_to) == (303, browser.home.join(URL("/docs/?tab=2")))
    assert await browser.graphql(WHO) == (
        200,
        {
            "data": {
                "viewer": {
                    "name": name,
                    "role": role,
                    "session": {"__typename": "BrowserSession"},
                    "signInUrl": str(browser.home.with_path("/auth/sign-in")),
                }
            }
        },
    )


async def test_the_question_is_as_the_specifications_want_it(browser: Browser, provider: OpenIdProvider) -> None:
    asked = (await browser.question()).query
    again = (await browser.question()).query

    fresh = {"state", "nonce", "code_challenge"}
    assert {name: value for name, value in asked.items() if name not in fresh} == {
        "response_type": "code",
        "client_id": "mailing",
        "redirect_uri": str(browser.home.with_path("/auth/callback")),
        "scope": "openid profile",
        "code_challenge_method": "S256",
    }
    assert all(len(asked[name]) >= 20 and asked[name] != again[name] for name in fresh)


async def test_a_public_client_needs_no_secret(settings: Settings, provider: OpenIdProvider, database: None) -> None:
    public = {"auth_client_id": "public", "auth_client_secret": None}
    async with reached_by_browsers(settings, provider.url, **public) as api, Browser.opened(api) as browser:
        assert (await browser.sign_in("vera")).status == 303
        assert (await browser.graphql(COUNT))[0] == 200


async def test_a_wrong_secret_is_told_to_the_operator(
    settings: Settings, provider: OpenIdProvider, database: None
) -> None:
    async with (
        reached_by_browsers(settings, provider.url, auth_client_secret=SecretStr("x")) as api,
        Browser.opened(api) as one,
    ):
        page = await one.sign_in("vera")

    assert (page.status, page.title) == (502, "Your sign-in service refused")
    assert "invalid_client" not in page.text


async def test_somebody_without_a_role_is_told_which_claim_gives_none(browser: Browser, sql: Sql) -> None:
    page = await browser.sign_in("nemo", next="/docs/?a=1")

    assert (page.status, page.title) == (403, "You have no role here")
    assert "knows you as Captain Nemo, but its claim “roles” gives you no role" in page.text
    assert 'href="/auth/sign-in?next=%2Fdocs%2F%3Fa%3D1&amp;account=other">Sign in as somebody else' in page.text
    assert await sql("SELECT * FROM session") == []
    # And as somebody else they are asked who they are, though the provider knows one already
    assert (await browser.question(account="other")).query["prompt"] == "login"


async def test_a_wrong_verifier_gets_nobody_in(browser: Browser, redis: Redis, sql: Sql) -> None:
    # Given somebody whom the provider has sent back, and another verifier than the one that it knows the hash of
    back = await browser.answer("ada")
    (key,) = await redis.keys("mailing:sign-in:*")
    kept = orjson.loads(await redis.get(key) or b"")
    await redis.set(key, orjson.dumps({**kept, "code_verifier": "x" * 48}))

    # When
    page = await browser.ask(back)

    # Then the provider itself refuses
    assert (page.status, page.title) == (502, "Your sign-in service refused")
    assert await sql("SELECT * FROM session") == []


async def test_an_answer_counts_once(browser: Browser, sql: Sql) -> None:
    # Given
    back = await browser.answer("ada")
    before = browser.cookies()
    await browser.ask(back)

    # When the same comes again, with the cookie that it came with
    browser.http.cookie_jar.clear()
    browser.http.cookie_jar.update_cookies(before, browser.home)
    page = await browser.ask(back)

    # Then it is refused before the provider is asked, and the first session goes on
    assert (page.status, page.title) == (400, "This sign-in cannot be finished")
    assert len(await sql("SELECT * FROM session")) == 1


async def test_an_answer_counts_in_the_browser_that_asked_alone(browser: Browser, desk: Api, sql: Sql) -> None:
    async with Browser.opened(desk) as victim:
        # Given somebody who has a sign-in of their own under way, and is led to the answer to another's
        trap = await browser.answer("ada")
        await victim.question()
        pages = [await victim.ask(trap)]
        # Also if a cookie of that name was foisted on them
        victim.http.cookie_jar.update_cookies(dict.fromkeys(browser.cookies(), "x" * 43), victim.home)
        pages.append(await victim.ask(trap))

        # Then they are not signed in as that other
        assert [(page.status, page.title) for page in pages] == [(400, "This sign-in cannot be finished")] * 2
        assert await sql("SELECT * FROM session") == []
    # And the other has lost nothing by it
    assert (await browser.ask(trap)).status == 303


async def test_cancelling_at_the_provider_is_told(browser: Browser, sql: Sql) -> None:
    # Given
    form = await browser.follow(await browser.ask(await browser.question(next="/docs/?a=1")))

    # When
    cancelled = await browser.ask(URL(f"{form.url}/abort"))
    page = await browser.follow(cancelled)

    # Then
    assert (page.url.query["error"], page.status, page.title) == ("access_denied", 403, "You were not signed in")
    assert 'href="/auth/sign-in?next=%2Fdocs%2F%3Fa%3D1"' in page.text
    assert await sql("SELECT * FROM session") == []


async def test_signing_out_ends_the_session_here_and_at_the_provider(
    browser: Browser, provider: OpenIdProvider, sql: Sql
) -> None:
    # Given
    await browser.sign_in("ada")
    session = browser.cookies()["mailing_session"]

    # When
    status, answer = await browser.sign_out()

    # Then the cookie has gone, and is worth nothing to whoever has kept it
    assert (status, list(answer)) == (200, ["continueAt"])
    assert "mailing_session" not in browser.cookies()
    assert await sql("SELECT * FROM session") == []
    headers = {"Cookie": f"mailing_session={session}", "GraphQL-Require-Preflight": "1", "Origin": str(browser.home)}
    assert await code(browser.api, headers) == "UNAUTHENTICATED"
    # And the provider knows who is meant, asks whether to sign out there, too, and knows the way back
    goodbye = URL(answer["continueAt"], encoded=True)
    assert goodbye.with_query(None) == URL(f"{provider.url}/session/end")
    assert set(goodbye.query) == {"id_token_hint", "client_id", "post_logout_redirect_uri"}
    page = await browser.ask(goodbye)
    assert (page.status, "Do you want to sign-out" in page.text) == (200, True)


async def test_a_programs_token_of_the_same_provider_lets_it_in(
    desk: Api, provider: OpenIdProvider, database: None
) -> None:
    token = f"Bearer {await provider.token_for('importer')}"

    assert await ask(desk, {"Authorization": token}) == OK
    assert (await ask(desk, {"Authorization": token}, WHO))[1]["data"]["viewer"] == {
        "name": "importer",
        "role": "OPERATOR",
        "session": None,
        "signInUrl": f"http://{desk.address}/auth/sign-in",
    }
    async with connected(desk, {"authorization": token}) as socket:
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.subscribe("a", COUNT)
        assert (await socket.receive())["payload"] == OK[1]


async def test_a_program_without_a_role_stays_out(desk: Api, provider: OpenIdProvider) -> None:
    assert await code(desk, {"Authorization": f"Bearer {await provider.token_for('stranger')}"}) == "FORBIDDEN"


async def test_a_token_that_is_meant_for_others_or_was_changed_does_not_let_in(
    desk: Api, provider: OpenIdProvider
) -> None:
    header, payload, signature = (await provider.token_for("stranger")).split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = encoded({**claims, "roles": ["admin"]})
    bad = [
        await provider.token_for("importer", audience="https://another.example.com"),
        f"{header}.{changed}.{signature}",
        f"{header}.{changed}.",
        f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{changed}.",
    ]

    for token in bad:
        assert await code(desk, {"Authorization": f"Bearer {token}"}) == "UNAUTHENTICATED"
        async with connected(desk, {"authorization": f"Bearer {token}"}) as socket:
            assert (await farewell(socket))[0] == 4403


async def test_who_is_not_signed_in_is_told_where(browser: Browser) -> None:
    status, answer = await browser.graphql(COUNT)

    error = {"code": "UNAUTHENTICATED", "signInUrl": str(browser.home.with_path("/auth/sign-in"))}
    assert (status, answer) == (401, {"errors": [{"message": "Sign in first", "extensions": error}]})


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
