"""What a provider, or somebody who would like to be one, may say, and what comes of it."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import pytest
import structlog
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import code
from tests.gql_api.auth.issuer import EC, OTHER_RSA, RSA, away
from tests.gql_api.sign_in.browser import Browser
from tests.gql_api.sign_in.conftest import reached_by_browsers
from tests.gql_api.sign_in.hostile import CLIENT_ID, HostileProvider, MakeToken, come_back, misleading

UNTRUSTED = (502, "The answer of your sign-in service does not hold")
REFUSED = (502, "Your sign-in service refused")
AWAY = (503, "Your sign-in service does not answer")


def signed_with_public_key(provider: HostileProvider, nonce: str) -> str:
    """With what everybody knows as if it were a secret between two (RFC 8725, 2.1)."""
    signed = unsigned(provider, "HS256", nonce).rstrip(".")
    signature = hmac.digest(RSA.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.fixture(scope="module")
async def _hostile() -> AsyncIterator[HostileProvider]:
    async with misleading() as one:
        yield one


@pytest.fixture
def hostile(_hostile: HostileProvider) -> HostileProvider:
    """As it is without being told anything."""
    fresh = HostileProvider()
    fresh.url = _hostile.url
    vars(_hostile).update(vars(fresh))
    _hostile.configured()
    return _hostile


@pytest.fixture(scope="module")
async def _misled(_connection: None, _hostile: HostileProvider, settings: Settings) -> AsyncIterator[Api]:
    async with reached_by_browsers(settings, _hostile.url, auth_leeway_seconds=0) as api:
        yield api


@pytest.fixture
async def browser(_misled: Api, hostile: HostileProvider, database: None) -> AsyncIterator[Browser]:
    async with Browser.opened(_misled) as one:
        yield one


@pytest.mark.parametrize(
    "make",
    [
        lambda provider, nonce: provider.id_token(nonce=nonce),
        lambda provider, nonce: provider.id_token(nonce=nonce, key=EC, alg="ES256"),
        lambda provider, nonce: provider.id_token(nonce=nonce, aud=["mailing"]),
        lambda provider, nonce: provider.id_token(nonce=nonce, aud=["mailing", "other"], azp="mailing"),
        lambda provider, nonce: provider.id_token(nonce=nonce, at_hash=half_hash("opaque")),
        lambda provider, nonce: provider.id_token(nonce=nonce, name=None, preferred_username="Ada"),
        lambda provider, nonce: provider.id_token(nonce=nonce, name=" \x00", preferred_username="\x07Ada\n"),
    ],
)
async def test_a_good_id_token_signs_in(browser: Browser, hostile: HostileProvider, make: MakeToken) -> None:
    hostile.make_token = make

    assert (await come_back(browser, hostile)).status == 303
    assert (await browser.graphql("{ viewer { name role } }"))[1]["data"] == {
        "viewer": {"name": "Ada", "role": "ADMIN"}
    }


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        # For another sign-in (OpenID Connect Core, 3.1.3.7, 11)
        (lambda provider, nonce: provider.id_token(nonce="another"), "nonce"),
        (lambda provider, nonce: provider.id_token(), "nonce"),
        # For another time
        (lambda provider, nonce: provider.id_token(nonce=nonce, exp=int(time.time()) - 1), "expired"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, exp=None), "exp"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, iat=int(time.time()) + 60), "future"),
        # By and for somebody else
        (lambda provider, nonce: provider.id_token(nonce=nonce, iss="https://login.example.com"), "iss"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, iss=provider.url + "/"), "iss"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, aud="another"), "aud"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, aud="another", azp="mailing"), "aud"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, aud=["mailing", "other"]), "azp"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, azp="another"), "azp"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, sub=None), "sub"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, sub=7), "sub"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, sub="a\x00"), "sub"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, sub="a" * 256), "sub"),
        # With another access token
        (lambda provider, nonce: provider.id_token(nonce=nonce, at_hash=half_hash("another")), "at_hash"),
        # Forged
        (lambda provider, nonce: provider.id_token(nonce=nonce, key=OTHER_RSA), "does not have"),
        (
            lambda provider, nonce: provider.id_token(nonce=nonce, key=OTHER_RSA, header={"kid": "rsa"}),
            "BadSignatureError",
        ),
        (lambda provider, nonce: unsigned(provider, "none", nonce), "none"),
        (lambda provider, nonce: unsigned(provider, "RS256", nonce), "BadSignatureError"),
        (signed_with_public_key, "HS256"),
        (lambda provider, nonce: provider.id_token(nonce=nonce, alg="RS512"), "RS512"),
        (lambda provider, nonce: unsigned(provider, "RS256", nonce, crit=["b64"], b64=True), "crit"),
        # Not one at all
        (lambda provider, nonce: None, "no ID token"),
        (lambda provider, nonce: 7, "no ID token"),
        (lambda provider, nonce: "a.b.c", "ID token"),
        (lambda provider, nonce: "é", "no ID token"),
    ],
)
async def test_a_bad_id_token_signs_nobody_in(
    browser: Browser, hostile: HostileProvider, sql: Sql, make: MakeToken, reason: str
) -> None:
    # Given a provider that is proud of weak algorithms
    hostile.configured(id_token_signing_alg_values_supported=["none", "HS256", "RS256", "RS512"])
    hostile.make_token = make

    # When
    with structlog.testing.capture_logs() as logs:
        page = await come_back(browser, hostile)

    # Then the page says what to do, and the log says why
    assert (page.status, page.title) == UNTRUSTED
    (told,) = [entry for entry in logs if entry["event"] == "auth.sign_in_failed"]
    assert (reason in told["reason"], told["reference"] in page.text) == (True, True), told
    assert await sql("SELECT * FROM session") == []
    assert "mailing_session" not in browser.cookies()


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        # By another provider (RFC 9207, 2.4)
        ({"iss": None}, UNTRUSTED),
        ({"iss": "https://login.example.com"}, UNTRUSTED),
        ({"iss": "https://login.example.com", "error": "access_denied"}, UNTRUSTED),
        # No code
        ({"code": None}, UNTRUSTED),
        ({"code": ""}, UNTRUSTED),
        # Errors (RFC 6749, 4.1.2.1)
        ({"code": None, "error": "access_denied"}, (403, "You were not signed in")),
        ({"code": None, "error": "server_error", "error_description": "<script>alert(1)</script>"}, REFUSED),
        ({"code": None, "error": "<script>alert(1)</script>"}, REFUSED),
        # For no question
        ({"state": "another"}, (400, "This sign-in cannot be finished")),
        ({"state": None}, (400, "This sign-in cannot be finished")),
        ({"state": "x" * 5_000}, (400, "This sign-in cannot be finished")),
    ],
)
async def test_an_answer_that_does_not_fit_signs_nobody_in(
    browser: Browser, hostile: HostileProvider, sql: Sql, changed: dict[str, str | None], outcome: tuple[int, str]
) -> None:
    page = await come_back(browser, hostile, **changed)

    assert (page.status, page.title) == outcome
    assert "script" not in page.text
    assert (hostile.forms, await sql("SELECT * FROM session")) == ([], [])


async def test_a_provider_that_does_not_say_that_it_names_itself_need_not(
    settings: Settings, hostile: HostileProvider, database: None
) -> None:
    hostile.configured(authorization_response_iss_parameter_supported=None)
    async with reached_by_browsers(settings, hostile.url) as api, Browser.opened(api) as browser:
        assert (await come_back(browser, hostile, iss=None)).status == 303
        assert (await come_back(browser, hostile, iss="https://login.example.com")).status == 502


async def test_a_parameter_that_stands_there_twice_is_none(browser: Browser, hostile: HostileProvider) -> None:
    question = (await browser.question()).query
    hostile.nonce = question["nonce"]
    twice = [("state", question["state"]), ("iss", hostile.url), ("code", "a"), ("code", "b")]

    page = await browser.ask(browser.home.with_path("/auth/callback").with_query(twice))

    assert (page.status, page.title) == UNTRUSTED


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (JSONResponse({"error": "invalid_grant", "error_description": "<b>no</b>"}, 400), REFUSED),
        (JSONResponse({"error": {"a": 1}}, 400), REFUSED),
        (PlainTextResponse("<h1>no</h1>"), UNTRUSTED),
        (JSONResponse([]), UNTRUSTED),
        (JSONResponse({}), UNTRUSTED),
        (JSONResponse({"id_token": "x", "expires_in": "soon"}), UNTRUSTED),
        (PlainTextResponse("busy", 429), AWAY),
        (away(), AWAY),
        (RedirectResponse("https://login.example.com/token"), AWAY),
    ],
)
async def test_a_token_endpoint_may_answer_anything(
    browser: Browser, hostile: HostileProvider, sql: Sql, answer: Response, outcome: tuple[int, str]
) -> None:
    hostile.token_answer = answer

    page = await come_back(browser, hostile)

    assert (page.status, page.title) == outcome
    assert (page.headers.get("Retry-After") is not None) == (outcome == AWAY)
    assert await sql("SELECT * FROM session") == []


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (JSONResponse({"sub": "ada", "roles": ["operator"], "name": "Ada"}), (303, "")),
        (JSONResponse({"sub": "eve", "roles": ["operator"]}), UNTRUSTED),
        (JSONResponse({"roles": ["operator"]}), UNTRUSTED),
        (JSONResponse(["ada"]), UNTRUSTED),
        (JSONResponse({"sub": "ada", "roles": ["stranger"]}), (403, "You have no role here")),
        (away(), AWAY),
    ],
)
async def test_without_a_role_in_the_id_token_userinfo_is_asked(
    browser: Browser, hostile: HostileProvider, said: Response, outcome: tuple[int, str]
) -> None:
    # Given
    hostile.make_token = lambda provider, nonce: provider.id_token(nonce=nonce, roles=None)
    hostile.userinfo = said

    # When
    page = await come_back(browser, hostile)

    # Then
    assert (page.status, page.title) == outcome


@pytest.mark.parametrize(
    ("methods", "in_header", "in_body"),
    [
        (None, True, False),
        (["client_secret_basic", "client_secret_post"], True, False),
        (["client_secret_post"], False, True),
    ],
)
async def test_the_secret_is_shown_as_the_provider_takes_it(
    settings: Settings,
    hostile: HostileProvider,
    database: None,
    methods: list[str] | None,
    in_header: bool,
    in_body: bool,
) -> None:
    hostile.configured(token_endpoint_auth_methods_supported=methods)
    async with reached_by_browsers(settings, hostile.url) as api, Browser.opened(api) as browser:
        assert (await come_back(browser, hostile)).status == 303

    (form,), (authorization,) = hostile.forms, hostile.authorizations
    assert (authorization is not None, "client_secret" in form) == (in_header, in_body)
    assert (form["grant_type"], form["redirect_uri"]) == ("authorization_code", f"{browser.home}/auth/callback")
    assert (form["code"], len(form["code_verifier"]) >= 43) == ("good", True)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://login.example.com"},
        {"token_endpoint": None},
        {"token_endpoint": "http://login.example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
async def test_a_provider_that_names_no_safe_places_is_not_turned_to(
    settings: Settings, hostile: HostileProvider, said: dict[str, str]
) -> None:
    hostile.configured(**said)
    async with reached_by_browsers(settings, hostile.url) as api, Browser.opened(api) as browser:
        page = await browser.ask(browser.home.with_path("/auth/sign-in"))

    assert (page.status, page.title) == AWAY


async def test_while_the_provider_is_away_a_page_says_so(settings: Settings) -> None:
    async with reached_by_browsers(settings, "http://127.0.0.1:9") as api, Browser.opened(api) as browser:
        page = await browser.ask(browser.home.with_path("/auth/sign-in"))

    assert ((page.status, page.title), page.headers["Retry-After"]) == (AWAY, "10")


async def test_an_access_token_for_the_pages_is_no_id_token(browser: Browser, hostile: HostileProvider) -> None:
    # A token for the API, of the same provider, by which a program would come in
    hostile.make_token = lambda provider, nonce: provider.token(nonce=nonce)

    assert ((await come_back(browser, hostile)).status) == 502


def unsigned(provider: HostileProvider, alg: str, nonce: str, **header: object) -> str:
    """The claims of a good one, without a signature."""
    body = provider.id_token(nonce=nonce).split(".")[1]
    return f"{encoded({'alg': alg, 'kid': 'rsa', **header})}.{body}."


def half_hash(text: str) -> str:
    """As OpenID Connect Core, 3.1.3.6, has it."""
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("audience", [CLIENT_ID, "https://mailing.example.com"])
async def test_what_says_who_has_signed_in_is_no_key_to_the_api(
    hostile: HostileProvider, settings: Settings, database: None, sql: Sql, audience: str
) -> None:
    # Given an API whose tokens may be for the very client that people sign in with
    async with (
        reached_by_browsers(settings, hostile.url, auth_audience=audience) as api,
        Browser.opened(api) as browser,
    ):
        assert (await come_back(browser, hostile)).status == 303
        (row,) = await sql("SELECT id_token FROM session")

        # When what the provider says of a person is shown as if it were a program's token, then it lets nobody in
        assert await code(api, {"Authorization": f"Bearer {row['id_token']}"}) == "UNAUTHENTICATED"
        # But a program's token does
        assert await code(api, {"Authorization": f"Bearer {hostile.token(aud=audience)}"}) is None
