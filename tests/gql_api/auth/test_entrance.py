"""What the settings make of the way in: without sign-in, for browsers, for other origins."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gql_api.auth.loopback import OnlyLoopback, check_may_listen
from gql_api.auth.security_headers import HEADERS, SecurityHeaders
from mailing.settings import Settings, SettingsError
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import COUNT, OK, ask, code, connected
from tests.gql_api.auth.conftest import trusting
from tests.gql_api.auth.issuer import Issuer, away, issuing
from tests.gql_api.serving import serving, whole_api
from tests.waiting import until

DESK = "https://desk.example.com"
HOW_TO = (
    "set MAILING_AUTH_ISSUER and MAILING_AUTH_AUDIENCE to switch sign-in on, or MAILING_AUTH_API_TOKENS=true to switch "
    "it on with the tokens of `mailing token create` alone, or "
    "MAILING_LET_ANYONE_IN_WITHOUT_SIGN_IN=true if everybody who can reach it may read, change and delete everything"
)
SIGN_IN = {"auth_issuer": "https://login.example.com", "auth_audience": "mailing"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer whatever"}, {"Authorization": "Basic YTpi"}])
async def test_without_sign_in_everyone_on_this_machine_is_an_admin(api: Api, headers: dict[str, str]) -> None:
    mutation = 'mutation { deleteMailing(input: {id: "mailing_9"}) { __typename } }'

    assert await ask(api, headers, mutation) == (200, {"data": {"deleteMailing": {"__typename": "NotFound"}}})
    async with connected(api, {"authorization": "whatever"}) as socket:
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.subscribe("a", mutation)
        assert (await socket.receive())["payload"] == {"data": {"deleteMailing": {"__typename": "NotFound"}}}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
async def test_without_sign_in_a_loopback_name_is_asked_for(api: Api, host: str) -> None:
    assert await ask(api, {"Host": host}) == OK


@pytest.mark.parametrize(
    "host", ["evil.example", "mailing.example.com:8000", "10.0.0.1", "[", "127.0.0.1.evil.example"]
)
async def test_without_sign_in_no_page_gets_here_by_a_name_of_its_own(api: Api, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    async with api.http.post(f"http://{api.address}/graphql", json={"query": COUNT}, headers=headers) as response:
        assert (response.status, await response.text()) == (403, f"Not by this way without sign-in: {HOW_TO}\n")


@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "x-forwarded-for"]
)
async def test_without_sign_in_no_proxy_of_this_machine_lets_others_in(api: Api, header: str) -> None:
    headers = {header: "10.0.0.5"}
    async with api.http.post(f"http://{api.address}/graphql", json={"query": COUNT}, headers=headers) as response:
        assert (response.status, await response.text()) == (403, f"Not by this way without sign-in: {HOW_TO}\n")


async def test_without_sign_in_no_request_of_a_proxy_that_hides_itself_is_served(api: Api) -> None:
    async with api.connection() as (answer, requests):
        requests.write(b"GET /graphql?query={__typename} HTTP/1.0\r\nHost: 127.0.0.1:8000\r\n\r\n")
        assert await answer.readline() == b"HTTP/1.1 403 Forbidden\r\n"


@pytest.mark.parametrize("server", [("10.0.0.5", 8000), ("0.0.0.0", 8000), ("/run/api.sock", None), None])
async def test_without_sign_in_no_other_address_serves(server: tuple[str, int | None] | None) -> None:
    # Given an application that was told nothing of its address
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    # When a request comes in by one that others can reach
    scope = {"type": "http", "server": server, "headers": [(b"host", b"localhost")]}
    with structlog.testing.capture_logs() as logs:
        await OnlyLoopback(PlainTextResponse("in"))(scope, receive, send)

    # Then it is refused, and the log says what to do
    assert (sent[0]["status"], logs[0]["event"], logs[0]["how_to_allow"]) == (403, "auth.open_house_refused", HOW_TO)


async def test_anyone_is_let_in_by_any_name_where_that_is_wanted(settings: Settings, database: None) -> None:
    async with whole_api(settings, let_anyone_in_without_sign_in=True) as api:
        assert await ask(api, {"Host": "mailing.example.com"}) == OK


async def test_with_sign_in_any_name_will_do(signed: Api) -> None:
    assert await code(signed, {"Host": "mailing.example.com"}) == "UNAUTHENTICATED"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_alone_may_be_listened_to_without_sign_in(settings: Settings, host: str) -> None:
    check_may_listen(settings, host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "", "mailing.example.com"])
def test_no_other_address_is_listened_on_without_sign_in_or_being_told_so(settings: Settings, host: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_may_listen(settings, host)

    assert caught.value.problems == [f"the API does not listen on {host} without sign-in: {HOW_TO}"]
    for changed in (SIGN_IN, {"auth_api_tokens": True}, {"let_anyone_in_without_sign_in": True}):
        check_may_listen(settings.model_copy(update=changed), host)


@pytest.mark.parametrize("command", ["api", "up"])
def test_the_commands_refuse_such_an_address_before_they_do_anything(command: str, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")}
    env |= {"MAILING_DATABASE_URL": "postgres://a@127.0.0.1:9/b", "MAILING_REDIS_URL": "redis://127.0.0.1:9"}
    argv = [command, "--host", "0.0.0.0", "--port", "18976", "--data-dir", str(tmp_path / "data")]

    done = subprocess.run(
        [sys.executable, "-m", "mailing", *argv], capture_output=True, text=True, check=False, env=env, timeout=30
    )

    said = f"mailing: the API does not listen on 0.0.0.0 without sign-in: {HOW_TO}\n"
    assert (done.returncode, done.stderr) == (1, said)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("path", ["/graphql?query={__typename}", "/graphql", "/healthz", "/nothing"])
async def test_every_answer_tells_browsers_what_they_may_not_do_with_it(api: Api, path: str) -> None:
    async with api.http.get(f"http://{api.address}{path}") as response:
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
        assert "Strict-Transport-Security" not in response.headers


async def test_a_refusal_tells_it_too(signed: Api) -> None:
    async with signed.http.get(f"http://{signed.address}/graphql") as response:
        assert (response.status, {name: response.headers.get(name) for name in HEADERS}) == (401, HEADERS)


async def test_an_answer_may_say_otherwise_of_itself() -> None:
    page = PlainTextResponse(
        "page", headers={"Content-Security-Policy": "script-src 'self'", "Cache-Control": "public"}
    )
    app = SecurityHeaders(Starlette(routes=[Route("/", page)]))
    async with serving(app) as address, aiohttp.ClientSession() as http, http.get(f"http://{address}/") as response:
        told = {name: response.headers.get(name) for name in HEADERS}

    assert told == HEADERS | {"Content-Security-Policy": "script-src 'self'", "Cache-Control": "public"}


async def test_behind_tls_the_host_is_only_met_by_it() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "scheme": "https", "headers": []}
    await SecurityHeaders(PlainTextResponse("in"))(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]  # nobody reads

    assert (b"strict-transport-security", b"max-age=31536000") in sent[0]["headers"]


async def test_other_origins_are_told_nothing(api: Api) -> None:
    status, headers = await _preflight(api, DESK)

    assert status != 200
    assert [name for name in headers if name.lower().startswith("access-control")] == []
    assert await code(api, {"Origin": DESK}) == "FORBIDDEN"


async def test_an_origin_that_is_allowed_may_ask_with_a_token_and_no_cookie(settings: Settings, database: None) -> None:
    async with whole_api(settings, allowed_origins=f"{DESK}, https://b.example.com") as api:
        status, allowed = await _preflight(api, DESK)
        other, refused = await _preflight(api, "https://evil.example")
        async with api.http.post(
            f"http://{api.address}/graphql", json={"query": COUNT}, headers={"Origin": DESK}
        ) as response:
            answer = response.status, response.headers["Access-Control-Allow-Origin"]

    assert (status, allowed["Access-Control-Allow-Origin"], answer) == (200, DESK, (200, DESK))
    assert "authorization" in allowed["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in allowed
    assert (other, "Access-Control-Allow-Origin" in refused) == (400, False)


async def test_an_allowed_origin_is_told_so_before_it_shows_a_token(
    issuer: Issuer, settings: Settings, database: None
) -> None:
    async with whole_api(settings, **trusting(issuer), allowed_origins=DESK) as api:
        status, allowed = await _preflight(api, DESK)
        async with api.http.post(f"http://{api.address}/graphql", headers={"Origin": DESK}) as response:
            answer = response.status, response.headers["Access-Control-Allow-Origin"]

    assert (status, allowed["Access-Control-Allow-Origin"], answer) == (200, DESK, (401, DESK))


async def test_the_issuer_is_asked_for_its_keys_before_anybody_comes(settings: Settings, database: None) -> None:
    async with issuing() as issuer, whole_api(settings, **trusting(issuer)) as api:
        await until(lambda: issuer.asked == 1)

        assert await ask(api, issuer.bearer()) == OK
        assert issuer.asked == 1


async def test_while_the_issuer_is_away_nobody_comes_in_and_everybody_is_told_to_come_again(
    settings: Settings, database: None
) -> None:
    # Given an issuer that has been away from the beginning
    async with issuing() as issuer:
        issuer.answer = away()
        async with whole_api(settings, **trusting(issuer)) as api:
            # When many come with good tokens
            headers = issuer.bearer()
            answers = await asyncio.gather(*(ask(api, headers) for _ in range(20)))
            async with api.http.get(f"http://{api.address}/graphql", headers=headers) as response:
                status, wait = response.status, response.headers["Retry-After"]

    # Then they are not told that their tokens are bad
    message = "The token cannot be checked at present: its issuer does not answer"
    refused = {"errors": [{"message": message, "extensions": {"code": "SIGN_IN_UNAVAILABLE"}}]}
    assert (answers, status, wait) == ([(503, refused)] * 20, 503, "5")
    assert issuer.asked < 5, "once, and again after waits of half a second and more"


async def _preflight(api: Api, origin: str) -> tuple[int, dict[str, str]]:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    async with api.http.options(f"http://{api.address}/graphql", headers=headers) as response:
        return response.status, dict(response.headers)
