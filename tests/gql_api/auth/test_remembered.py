import time

import pytest

from gql_api.auth.credentials import Credentials, Pass
from gql_api.auth.issuer_keys import FRESH_SECONDS, REST_SECONDS, IssuerKeys
from gql_api.auth.key_source import KeySource
from gql_api.auth.refusals import UnauthenticatedError
from gql_api.auth.remembered import MOST_TOKENS, Remembered
from gql_api.auth.viewer import EVERYONE
from tests.gql_api.auth.issuer import OTHER_RSA, issuing, public


class _Counting:
    """Gives what it is told to, and counts."""

    def __init__(self, given: Pass | None = Pass(EVERYONE)) -> None:  # noqa: B008  # it is frozen
        self.given = given
        self.asked = 0

    async def recognise(self, shown: Credentials) -> Pass | None:
        self.asked += 1
        if shown.bearer_token == "bad":
            raise UnauthenticatedError("bad")
        return self.given


def bearer(token: str) -> Credentials:
    return Credentials(f"Bearer {token}")


async def test_a_good_token_is_checked_once() -> None:
    counting = _Counting()
    remembered = Remembered(counting, lambda: remembered)

    passes = [await remembered.recognise(bearer(token)) for token in ("a", "b", "a", "a")]

    assert (passes, counting.asked) == ([counting.given] * 4, 2)


async def test_only_as_long_as_it_holds() -> None:
    counting = _Counting(Pass(EVERYONE, expires_at=time.time() - 1))
    remembered = Remembered(counting, lambda: remembered)

    for _ in range(3):
        await remembered.recognise(bearer("a"))

    assert counting.asked == 3


async def test_what_is_bad_or_unknown_is_not_remembered() -> None:
    counting = _Counting(None)
    remembered = Remembered(counting, lambda: remembered)

    for _ in range(3):
        with pytest.raises(UnauthenticatedError):
            await remembered.recognise(bearer("bad"))
        assert await remembered.recognise(bearer("unknown")) is None
        assert await remembered.recognise(Credentials(cookie="a")) is None

    assert counting.asked == 9


async def test_no_more_than_so_many_are_remembered_and_the_oldest_goes_first() -> None:
    # Given as many as can be, the first of them asked for again
    counting = _Counting()
    remembered = Remembered(counting, lambda: remembered)
    for n in range(MOST_TOKENS):
        await remembered.recognise(bearer(str(n)))
    await remembered.recognise(bearer("0"))
    # When one more comes
    await remembered.recognise(bearer("new"))
    asked = counting.asked
    # Then the one that was not asked for the longest is forgotten
    for token, more in [("0", 0), ("2", 0), ("new", 0), ("1", 1)]:
        before = counting.asked
        await remembered.recognise(bearer(token))
        assert counting.asked - before == more, token
    assert asked == MOST_TOKENS + 1


async def test_tokens_are_checked_again_when_the_keys_change_or_are_not_fresh() -> None:
    # Given a token that was checked with keys of an issuer
    now = 1_000.0
    async with issuing() as issuer:
        keys = IssuerKeys(KeySource(issuer.url).fetch, clock=lambda: now)
        counting = _Counting()
        remembered = Remembered(counting, lambda: keys.state)
        await keys.find("rsa")
        for _ in range(2):
            await remembered.recognise(bearer("a"))
        assert counting.asked == 1
        # When somebody's token makes the keys be asked for again
        now += REST_SECONDS
        issuer.keys = [public(OTHER_RSA)]
        await keys.find("other")
        # Then it is checked again, once
        for _ in range(2):
            await remembered.recognise(bearer("a"))
        assert counting.asked == 2
        # And whenever they are not fresh
        now += FRESH_SECONDS + 1
        for _ in range(2):
            await remembered.recognise(bearer("a"))
        assert counting.asked == 4
        await keys.close()
