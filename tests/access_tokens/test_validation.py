from datetime import UTC, datetime, timedelta

import pytest

from mailing.access_tokens.validation import NewToken, new_token
from mailing.errors import InvalidInputError
from mailing.roles import Role

NOW = datetime(2030, 1, 31, 6, tzinfo=UTC)
ALLOWED = "must be in the future and within 3,650 days; without it the token never expires"


@pytest.mark.parametrize(
    ("name", "expires_at", "expected"),
    [
        ("billing", None, None),
        ("x" * 100, "2030-01-31T09:00:01+03:00", NOW + timedelta(seconds=1)),
        ("Счета — 1", (NOW + timedelta(days=3_650)).isoformat(), NOW + timedelta(days=3_650)),
    ],
)
def test_values_that_are_allowed(name: str, expires_at: str | None, expected: datetime | None) -> None:
    assert new_token(now=NOW, name=name, role=Role.OPERATOR, expires_at=expires_at) == NewToken(
        name, Role.OPERATOR, expected
    )


@pytest.mark.parametrize(
    ("name", "expires_at", "problems"),
    [
        ("", None, ["name: must not be blank"]),
        (" \t ", None, ["name: must not be blank"]),
        ("x" * 101, None, ["name: must be at most 100 characters; given: 101"]),
        ("a\nb", None, ['name: must not hold control characters; given: "a\\u000ab"']),
        ("\ud800", None, ['name: must not hold control characters; given: "\\ud800"']),
        ("a", "2030-01-31T06:00:00Z", [f'expiresAt: {ALLOWED}; given: "2030-01-31T06:00:00Z"']),
        ("a", "2040-02-01T06:00:00Z", [f'expiresAt: {ALLOWED}; given: "2040-02-01T06:00:00Z"']),
        (
            "",
            "tomorrow",
            [
                "name: must not be blank",
                "expiresAt: must be ISO 8601 with an offset, such as 2030-01-31T09:00:00+03:00 or …Z; "
                'given: "tomorrow"',
            ],
        ),
    ],
)
def test_everything_that_is_wrong_is_told(name: str, expires_at: str | None, problems: list[str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        new_token(now=NOW, name=name, role=Role.VIEWER, expires_at=expires_at)

    assert [str(problem) for problem in caught.value.problems] == problems
