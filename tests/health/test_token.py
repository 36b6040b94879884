from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from mailing.health.finding import Finding, Level
from mailing.health.token import Validity, look_at_token, validity
from mailing.settings import load_settings

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _token(**claims: object) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.generate_key(256))


async def _look(token: str) -> Finding:
    (found,) = await look_at_token(load_settings(provider_token=token), NOW)
    return found


@pytest.mark.parametrize(
    ("days", "level", "what"),
    [
        (-2, Level.PROBLEM, "It expired at 2026-05-30 12:00 UTC, 2 days ago."),
        (0, Level.PROBLEM, "It expired at 2026-06-01 12:00 UTC, 0.0 s ago."),
        (0.25, Level.WARNING, "It is good until 2026-06-01 18:00 UTC, for 6 hours more."),
        (6, Level.WARNING, "It is good until 2026-06-07 12:00 UTC, for 6 days more."),
        (8, Level.OK, "It is good until 2026-06-09 12:00 UTC, for 8 days more."),
    ],
)
async def test_a_jwt_says_how_long_it_is_good(days: float, level: Level, what: str) -> None:
    token = _token(sub="hush", exp=int((NOW + timedelta(days=days)).timestamp()))

    found = await _look(token)

    assert (found.level, found.what) == (level, what)
    assert "hush" not in repr(found)
    assert token not in repr(found)


async def test_one_for_later_is_not_good_yet() -> None:
    found = await _look(_token(nbf=int((NOW + timedelta(days=1)).timestamp())))
    assert (found.level, found.what) == (Level.PROBLEM, "It is not good before 2026-06-02 12:00 UTC.")


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, Validity(None, None)),
        ({"exp": "soon", "nbf": True}, Validity(None, None)),
        ({"exp": 1e300}, Validity(None, None)),
        ({"exp": 0.5}, Validity(None, datetime.fromtimestamp(0.5, UTC))),
    ],
)
def test_a_jwt_that_does_not_say_when_expires_never_as_far_as_we_know(
    claims: dict[str, object], expected: Validity
) -> None:
    assert validity(_token(**claims)) == expected


@pytest.mark.parametrize("text", ["any-token-will-do", "a.b.c", "e30.W10.", "..", "e30.e30"])
async def test_what_is_no_jwt_may_still_be_a_token(text: str) -> None:
    found = await _look(text)
    assert (found.level, found.what) == (Level.OK, "It is no JWT, so it does not tell how long it is good.")


async def test_none_is_told() -> None:
    (found,) = await look_at_token(load_settings(), NOW)
    assert (found.level, found.what) == (Level.WARNING, "There is none.")


async def test_a_file_wins_and_must_be_readable(tmp_path: Path) -> None:
    # Given
    file = tmp_path / "token"
    settings = load_settings(provider_token="other", provider_token_file=file)

    # When
    (without,) = await look_at_token(settings, NOW)
    file.write_text("two words")
    (wrong,) = await look_at_token(settings, NOW)
    file.write_text(_token() + "\n")
    (right,) = await look_at_token(settings, NOW)

    # Then
    allowed = "must be one line of printable ASCII without spaces"
    assert [(one.level, one.what) for one in (without, wrong, right)] == [
        (Level.PROBLEM, f"{file} holds no token: No such file or directory."),
        (Level.PROBLEM, f"{file} holds no token: {allowed}."),
        (Level.OK, "It is a JWT that does not expire."),
    ]
