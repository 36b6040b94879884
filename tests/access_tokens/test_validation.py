from datetime import UTC, datetime, timedelta

import pytest

from mailing.access_tokens.validation import NewToken, new_token
from mailing.errors import InvalidInputError
from mailing.problem_code import ProblemCode
from mailing.roles import Role

NOW = datetime(2030, 1, 31, 6, tzinfo=UTC)
ALLOWED = "must be in the future and within 3,650 days; without it the token never expires"
PAST, FAR = "2030-01-31T06:00:00Z", "2040-02-01T06:00:00Z"
BLANK, TOO_LONG, FORBIDDEN = ProblemCode.BLANK, ProblemCode.TOO_LONG, ProblemCode.FORBIDDEN_CHARACTERS


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
    ("name", "expires_at", "problems", "codes"),
    [
        ("", None, ["name: must not be blank"], [(BLANK, None)]),
        (" \t ", None, ["name: must not be blank"], [(BLANK, None)]),
        ("x" * 101, None, ["name: must be at most 100 characters; given: 101"], [(TOO_LONG, 100)]),
        ("a\nb", None, ['name: must not hold control characters; given: "a\\u000ab"'], [(FORBIDDEN, None)]),
        ("\ud800", None, ['name: must not hold control characters; given: "\\ud800"'], [(FORBIDDEN, None)]),
        ("a", PAST, [f'expiresAt: {ALLOWED}; given: "{PAST}"'], [(ProblemCode.NOT_IN_FUTURE, None)]),
        ("a", FAR, [f'expiresAt: {ALLOWED}; given: "{FAR}"'], [(ProblemCode.TOO_FAR_AHEAD, 3_650)]),
        (
            "",
            "tomorrow",
            [
                "name: must not be blank",
                "expiresAt: must be ISO 8601 with an offset, such as 2030-01-31T09:00:00+03:00 or …Z; "
                'given: "tomorrow"',
            ],
            [(BLANK, None), (ProblemCode.NOT_A_MOMENT, None)],
        ),
    ],
)
def test_everything_that_is_wrong_is_told(
    name: str, expires_at: str | None, problems: list[str], codes: list[tuple[ProblemCode, int | None]]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        new_token(now=NOW, name=name, role=Role.VIEWER, expires_at=expires_at)

    assert [str(problem) for problem in caught.value.problems] == problems
    assert [(problem.code, problem.limit) for problem in caught.value.problems] == codes
