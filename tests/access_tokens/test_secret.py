import re

import pytest

from mailing.access_tokens.secret import PREFIX, START_LENGTH, digest, is_plausible, make_secret


def test_a_token_is_256_random_bits_that_nothing_can_take_for_a_jwt() -> None:
    tokens = {make_secret() for _ in range(100)}

    assert len(tokens) == 100
    assert [token for token in tokens if not re.fullmatch(r"mailing_[A-Za-z0-9_-]{49}", token)] == []
    assert len({token[: len(PREFIX) + 43] for token in tokens}) == 100
    assert START_LENGTH == 14


def test_a_token_is_plausible_and_what_differs_from_it_in_one_place_is_not() -> None:
    token = make_secret()

    assert is_plausible(token)
    for place in range(len(PREFIX), len(token)):
        other = "A" if token[place] != "A" else "B"
        assert not is_plausible(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("text", ["", "mailing_", "mailing_" + "A" * 49, "mailing_" + "\ud800" * 49, "x" * 100_000])
def test_what_was_never_made_here_is_not_plausible(text: str) -> None:
    assert not is_plausible(text)


def test_a_token_with_something_around_it_is_not_plausible() -> None:
    token = make_secret()

    assert [text for text in (token + "\n", " " + token, token + "A", token.upper()) if is_plausible(text)] == []


def test_what_is_kept_is_a_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
