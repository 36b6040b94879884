"""The issuer's keys, from a real server that changes and withholds them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from joserfc.jwk import Key
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from gql_api.auth.issuer_keys import (
    FRESH_SECONDS,
    KEPT_SECONDS,
    LONGEST_WAIT_SECONDS,
    REST_SECONDS,
    IssuerKeys,
)
from gql_api.auth.key_source import MOST_BYTES, KeySource, KeysUnavailableError
from gql_api.auth.refusals import RefusalError, SignInUnavailableError, UnauthenticatedError
from tests.gql_api.auth.issuer import EC, OTHER_RSA, RSA, Issuer, away, issuing, public
from tests.waiting import until

UNKNOWN = "The token is signed with a key that its issuer does not have"
AWAY = "The token cannot be checked at present: its issuer does not answer"


@dataclass
class _Kept:
    """The keys, and hands on the clock that they live by."""

    issuer: Issuer
    now: float = 1_000.0
    keys: IssuerKeys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = IssuerKeys(KeySource(self.issuer.url).fetch, clock=lambda: self.now)

    async def find(self, kid: str | None) -> str | RefusalError:
        """The key's name, or why there is none."""
        try:
            key = await self.keys.find(kid)
        except RefusalError as e:
            return e
        return str(key.kid)

    async def reason(self, kid: str) -> tuple[type[RefusalError], str]:
        found = await self.find(kid)
        assert isinstance(found, RefusalError), found
        return type(found), found.message


@pytest.fixture
async def kept() -> AsyncIterator[_Kept]:
    async with issuing() as issuer:
        one = _Kept(issuer)
        yield one
        await one.keys.close()


async def test_the_keys_are_asked_for_once(kept: _Kept) -> None:
    found = [await kept.find(kid) for kid in ("rsa", "ec", "rsa")]

    assert (found, kept.issuer.asked) == (["rsa", "ec", "rsa"], 1)


async def test_however_many_come_first_the_issuer_is_asked_once(kept: _Kept) -> None:
    found = await asyncio.gather(*(kept.find("rsa") for _ in range(100)))

    assert (found, kept.issuer.asked) == (["rsa"] * 100, 1)


async def test_one_who_goes_away_does_not_take_the_answer_from_the_others(kept: _Kept) -> None:
    first = asyncio.create_task(kept.find("rsa"))
    second = asyncio.create_task(kept.find("rsa"))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second, kept.issuer.asked) == ("rsa", 1)


async def test_new_keys_are_found_when_a_token_names_one(kept: _Kept) -> None:
    # Given keys that were asked for a while ago
    await kept.find("rsa")
    kept.now += REST_SECONDS
    # When the issuer changes them
    kept.issuer.keys = [public(OTHER_RSA)]
    # Then the new one is found at once, and the old one holds no longer
    assert await kept.find("other") == "other"
    assert await kept.reason("rsa") == (UnauthenticatedError, UNKNOWN)
    assert kept.issuer.asked == 2


async def test_names_that_nobody_has_do_not_make_us_ask_again_and_again(kept: _Kept) -> None:
    await kept.find("rsa")

    reasons = [await kept.reason(f"no such key {n}") for n in range(50)]
    kept.now += REST_SECONDS
    more = await asyncio.gather(*(kept.reason(f"no such key {n}") for n in range(50)))

    assert reasons + more == [(UnauthenticatedError, UNKNOWN)] * 100
    assert kept.issuer.asked == 2


async def test_a_key_that_is_taken_back_holds_no_longer_than_keys_are_fresh(kept: _Kept) -> None:
    await kept.find("rsa")
    kept.issuer.keys = [public(EC)]
    kept.now += FRESH_SECONDS + 1

    # The first to come does not wait for the issuer.
    assert await kept.find("rsa") == "rsa"
    await until(lambda: kept.keys.state is not None)
    assert kept.issuer.asked == 2
    assert await kept.find("ec") == "ec"
    assert await kept.reason("rsa") == (UnauthenticatedError, UNKNOWN)


async def test_without_an_issuer_nobody_comes_in_and_it_is_told_once(kept: _Kept) -> None:
    # Given an issuer that fails
    kept.issuer.answer = away()
    with structlog.testing.capture_logs() as logs:
        # When many come, at once and after each other
        reasons = await asyncio.gather(*(kept.reason("rsa") for _ in range(50)))
        reasons += [await kept.reason("rsa") for _ in range(50)]
        asked = kept.issuer.asked
        # And later it works again
        kept.issuer.answer = None
        kept.now += LONGEST_WAIT_SECONDS
        found = await kept.find("rsa")

    # Then nobody comes in, it was asked once, and the log has one line on each
    assert reasons == [(SignInUnavailableError, AWAY)] * 100
    assert (asked, found) == (1, "rsa")
    assert [entry["event"] for entry in logs] == ["auth.keys_unavailable", "auth.keys_unavailable.over"]
    assert f"HTTP 502 from {kept.issuer.url}/keys" in logs[0]["error"]


async def test_an_answer_that_nobody_foresaw_is_a_try_that_failed_and_told_as_a_bug() -> None:
    # Given
    asked = 0

    async def stumble() -> list[Key]:
        nonlocal asked
        asked += 1
        raise AttributeError("strange keys")

    keys = IssuerKeys(stumble, clock=lambda: 1_000.0)
    # When many come
    with structlog.testing.capture_logs() as logs:
        for _ in range(50):
            with pytest.raises(SignInUnavailableError):
                await keys.find("rsa")
    # Then the issuer was asked once, until it is time again
    assert asked == 1
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [
        ("auth.keys_not_read", "error"),
        ("auth.keys_unavailable", "warning"),
    ]
    await keys.close()


async def test_the_longer_the_issuer_is_away_the_less_it_is_asked(kept: _Kept) -> None:
    kept.issuer.answer = away()

    for _ in range(600):
        await kept.find("rsa")
        kept.now += 1

    # Waits of at most 1, 2, 4, 8, 16, 32 and then 60 seconds, and at least half of that.
    assert 12 <= kept.issuer.asked <= 30


async def test_known_keys_serve_while_the_issuer_is_away_but_not_for_ever(kept: _Kept) -> None:
    await kept.find("rsa")
    kept.issuer.answer = away()

    kept.now += KEPT_SECONDS - 1
    assert await kept.find("rsa") == "rsa"
    await until(lambda: kept.issuer.asked == 2)
    # One that is not known may be a new one: it cannot be told.
    assert await kept.reason("new") == (SignInUnavailableError, AWAY)
    kept.now += 2
    assert await kept.reason("rsa") == (SignInUnavailableError, AWAY)


async def test_a_token_without_a_key_s_name_is_checked_with_the_only_one(kept: _Kept) -> None:
    kept.issuer.keys = [public(RSA)]

    assert await kept.find(None) == "rsa"


@pytest.mark.parametrize(
    "strange",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "a"},
        {**public(RSA), "kid": "a", "use": "enc"},
        {"kty": "LATTICE", "kid": "a"},
        {"kty": "RSA", "kid": "a"},
        {"kty": "EC", "kid": "a", "crv": "P-0", "x": "", "y": ""},
        {"kty": "RSA", "kid": "a", "n": 1, "e": "AQAB"},
        {},
        "key",
        None,
    ],
)
async def test_keys_for_something_else_or_not_understood_are_passed_over(kept: _Kept, strange: Any) -> None:
    kept.issuer.keys = [strange, public(EC)]

    assert await kept.find("ec") == "ec"
    assert await kept.reason("a") == (UnauthenticatedError, UNKNOWN)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (away(), "HTTP 502 from {url}/keys"),
        (RedirectResponse("/elsewhere"), "HTTP 307 from {url}/keys"),
        (PlainTextResponse("keys"), "no JSON from {url}/keys"),
        (PlainTextResponse("[" * 100_000), "no JSON from {url}/keys"),
        (PlainTextResponse(b"\xff"), "no JSON from {url}/keys"),
        (JSONResponse([]), "no JSON object from {url}/keys"),
        (JSONResponse({}), "there is no key for signatures among its keys"),
        (JSONResponse({"keys": []}), "there is no key for signatures among its keys"),
        (JSONResponse({"keys": "x" * MOST_BYTES}), "more than 262,144 bytes from {url}/keys"),
    ],
)
async def test_what_is_no_key_set_is_told(answer: Response, problem: str) -> None:
    async with issuing() as issuer:
        issuer.answer = answer

        assert await _problem(KeySource(issuer.url)) == problem.format(url=issuer.url)


@pytest.mark.parametrize(
    ("configuration", "problem"),
    [
        ({"issuer": "https://x.example.com"}, "its configuration is that of another issuer: 'https://x.example.com'"),
        ({"jwks_uri": "http://x.example.com"}, "its configuration names no safe jwks_uri: 'http://x.example.com'"),
        ({"jwks_uri": None}, "its configuration names no safe jwks_uri: None"),
    ],
)
async def test_a_configuration_that_leads_elsewhere_is_not_followed(
    configuration: dict[str, Any], problem: str
) -> None:
    async with issuing() as issuer:
        issuer.configuration = configuration

        assert await _problem(KeySource(issuer.url)) == problem


async def test_a_configuration_that_names_no_possible_host_is_told() -> None:
    async with issuing() as issuer:
        issuer.configuration = {"jwks_uri": "https://.."}

        assert (await _problem(KeySource(issuer.url))).startswith("UnicodeError: ")


async def test_where_the_keys_are_may_be_set() -> None:
    async with issuing() as issuer:
        issuer.configuration = {"issuer": "not asked"}

        assert [key.kid for key in await _fetched(issuer)] == ["rsa", "ec"]


async def test_nobody_there_is_told() -> None:
    assert (await _problem(KeySource("http://127.0.0.1:9"))).startswith("ClientConnectorError: ")


async def test_an_issuer_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gql_api.auth.key_source.FETCH_SECONDS", 0.05)

    async def listen_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        heard_all.set()

    heard_all = asyncio.Event()
    async with await asyncio.start_server(listen_only, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]

        assert await _problem(KeySource(f"http://127.0.0.1:{port}")) == "no answer within 0.05 s"
        await heard_all.wait()


async def _fetched(issuer: Issuer) -> list[Key]:
    return await KeySource(issuer.url, f"{issuer.url}/elsewhere").fetch()


async def _problem(source: KeySource) -> str:
    with pytest.raises(KeysUnavailableError) as caught:
        await source.fetch()
    return str(caught.value)
