from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from mailing.changes import UNCHANGED
from mailing.delivery.window import LocalTimeWindow
from mailing.errors import InvalidInputError, Problem
from mailing.mailings.raw_values import RawFilter, RawWindow, moment
from mailing.mailings.validation import MailingChanges, NewMailing, check_changes, mailing_changes, new_mailing
from mailing.models import Mailing
from mailing.problem_code import ProblemCode

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
GOOD: dict[str, Any] = {"text": "Hello", "starts_at": "2030-01-31T12:00:00Z", "ends_at": "2030-01-31T18:00:00+03:00"}
KEPT = "must not be null; leave it out to keep it"


def _problems(**values: Any) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInputError) as raised:
        new_mailing(now=NOW, **(GOOD | values))
    return raised.value.problems


def test_good_values_become_a_mailing() -> None:
    made = new_mailing(
        now=NOW,
        **GOOD,
        filter=RawFilter(operator_codes=["916", "45", "916"], tags=["vip", ""]),
        window=RawWindow("22:00", "06:30"),
        max_rate=100_000,
    )

    assert made == NewMailing(
        text="Hello",
        starts_at=datetime(2030, 1, 31, 12, tzinfo=UTC),
        ends_at=datetime(2030, 1, 31, 15, tzinfo=UTC),
        operator_codes=("916", "45"),
        tags=("vip", ""),
        window=LocalTimeWindow(time(22), time(6, 30)),
        max_rate=100_000,
    )


def test_only_text_and_times_must_be_given() -> None:
    made = new_mailing(now=NOW, **GOOD)

    assert (made.operator_codes, made.tags, made.window, made.max_rate) == ((), (), None, None)


def test_everything_wrong_is_told_at_once() -> None:
    problems = _problems(
        text=" \n",
        starts_at="tomorrow",
        ends_at="2030-01-31T18:00:00",
        filter=RawFilter(operator_codes=["916", "x"], tags=["\0"]),
        window=RawWindow("24:00", "9:00"),
        max_rate=0,
    )

    iso = "must be ISO 8601 with an offset, such as 2030-01-31T09:00:00+03:00 or …Z; given: "
    assert sorted(problems, key=lambda p: p.path) == [
        Problem(("endsAt",), iso + '"2030-01-31T18:00:00"', ProblemCode.NOT_A_MOMENT),
        Problem(
            ("filter", "operatorCodes", "1"),
            'must be 1 to 8 digits, such as 916; given: "x"',
            ProblemCode.NOT_AN_OPERATOR_CODE,
            8,
        ),
        Problem(
            ("filter", "tags", "0"),
            'must not hold control characters; given: "\\u0000"',
            ProblemCode.FORBIDDEN_CHARACTERS,
        ),
        Problem(("maxRate",), "must be 1 to 100,000 messages a second; given: 0", ProblemCode.OUT_OF_RANGE, 100_000),
        Problem(("startsAt",), iso + '"tomorrow"', ProblemCode.NOT_A_MOMENT),
        Problem(("text",), "must not be blank", ProblemCode.BLANK),
        Problem(
            ("window", "closesAt"), 'must be HH:MM from 00:00 to 23:59; given: "9:00"', ProblemCode.NOT_A_LOCAL_TIME
        ),
        Problem(
            ("window", "opensAt"), 'must be HH:MM from 00:00 to 23:59; given: "24:00"', ProblemCode.NOT_A_LOCAL_TIME
        ),
    ]


@pytest.mark.parametrize(
    ("text", "message", "code", "limit"),
    [
        ("", "must not be blank", ProblemCode.BLANK, None),
        ("\t\n ", "must not be blank", ProblemCode.BLANK, None),
        ("x" * 1_001, "must be at most 1,000 characters; given: 1,001", ProblemCode.TOO_LONG, 1_000),
        ("a\0b", "must not hold NUL or half a surrogate pair", ProblemCode.FORBIDDEN_CHARACTERS, None),
        ("a\ud83d", "must not hold NUL or half a surrogate pair", ProblemCode.FORBIDDEN_CHARACTERS, None),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused(text: str, message: str, code: ProblemCode, limit: int | None) -> None:
    assert _problems(text=text) == (Problem(("text",), message, code, limit),)


def test_a_text_may_be_as_long_as_allowed_and_have_lines() -> None:
    assert new_mailing(now=NOW, **(GOOD | {"text": "я\n" * 500})).text == "я\n" * 500


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "message", "code"),
    [
        (
            "2030-02-02T00:00:00Z",
            "2030-02-02T00:00:00Z",
            "must be after startsAt; startsAt: 2030-02-02T00:00:00Z, endsAt: 2030-02-02T00:00:00Z",
            ProblemCode.NOT_AFTER_START,
        ),
        (
            "2030-01-01T00:00:00Z",
            "2030-01-31T15:00:00+03:00",
            "must be in the future; given: 2030-01-31T12:00:00Z, now: 2030-01-31T12:00:00Z",
            ProblemCode.NOT_IN_FUTURE,
        ),
    ],
)
def test_a_mailing_ends_after_its_start_and_after_now(
    starts_at: str, ends_at: str, message: str, code: ProblemCode
) -> None:
    assert _problems(starts_at=starts_at, ends_at=ends_at) == (Problem(("endsAt",), message, code),)


def test_a_window_that_is_never_or_always_open_is_refused() -> None:
    assert _problems(window=RawWindow("09:00", "09:00")) == (
        Problem(
            ("window", "closesAt"),
            "must differ from opensAt; without a window any time of day will do",
            ProblemCode.EMPTY_WINDOW,
        ),
    )


@pytest.mark.parametrize("local", ["", "9:00", "09:60", "0900", "09:00:00", "09:00Z", "०९:००"])
def test_a_local_time_is_two_digits_and_two_digits(local: str) -> None:
    assert [p.path for p in _problems(window=RawWindow(local, "12:00"))] == [("window", "opensAt")]


@pytest.mark.parametrize("rate", [0, -1, 100_001])
def test_a_rate_is_bounded(rate: int) -> None:
    assert [p.path for p in _problems(max_rate=rate)] == [("maxRate",)]


def test_a_filter_holds_at_most_a_hundred_different_values() -> None:
    hundred = [str(n) for n in range(100)]

    assert len(new_mailing(now=NOW, **GOOD, filter=RawFilter(tags=hundred + hundred)).tags) == 100
    assert _problems(filter=RawFilter(tags=[*hundred, "more"])) == (
        Problem(("filter", "tags"), "must be at most 100 different values; given: 101", ProblemCode.TOO_MANY, 100),
    )


@pytest.mark.parametrize(
    "raw", ["", "2030-01-31", "12:00Z", "2030-01-31T12:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
            "2030-02-30T00:00:00Z", "2030-01-31T24:00:01Z", "\ud800"]
)  # fmt: skip
def test_what_is_no_moment_is_none(raw: str) -> None:
    assert moment(raw) is None


def test_changes_hold_only_what_is_given() -> None:
    assert mailing_changes(window=None, max_rate=None) == MailingChanges(window=None, max_rate=None)
    assert mailing_changes(filter=None) == MailingChanges(operator_codes=(), tags=())
    assert mailing_changes(filter=RawFilter(tags=["vip"])) == MailingChanges(operator_codes=(), tags=("vip",))
    assert mailing_changes(text="New").starts_at is UNCHANGED


def test_what_must_be_there_cannot_be_changed_to_null() -> None:
    changes = mailing_changes(text=None, starts_at=None, ends_at=None, max_rate=-1)

    assert changes.problems == (
        Problem(("text",), KEPT, ProblemCode.REQUIRED),
        Problem(("startsAt",), KEPT, ProblemCode.REQUIRED),
        Problem(("endsAt",), KEPT, ProblemCode.REQUIRED),
        Problem(("maxRate",), "must be 1 to 100,000 messages a second; given: -1", ProblemCode.OUT_OF_RANGE, 100_000),
    )


def test_a_value_that_cannot_be_taken_is_a_problem_and_no_change() -> None:
    changes = mailing_changes(
        text=" ",
        starts_at="soon",
        ends_at="",
        filter=RawFilter(operator_codes=["x"], tags=["vip"]),
        window=RawWindow("9:00", "18:00"),
        max_rate=0,
    )

    assert changes == MailingChanges(tags=("vip",), problems=changes.problems)
    assert [problem.path for problem in changes.problems] == [
        ("text",),
        ("startsAt",),
        ("endsAt",),
        ("filter", "operatorCodes", "0"),
        ("window", "opensAt"),
        ("maxRate",),
    ]


@pytest.mark.parametrize(
    ("raw", "paths"),
    [
        ({"text": "", "starts_at": "2030-02-02T00:00:00Z", "ends_at": "2030-02-01T00:00:00Z"}, ["text", "endsAt"]),
        ({"text": " ", "ends_at": "2020-01-01T00:00:00Z"}, ["text", "endsAt", "endsAt"]),
        ({"starts_at": "soon", "ends_at": "2020-01-01T00:00:00Z"}, ["startsAt", "endsAt"]),
        ({"starts_at": "2030-02-02T00:00:00Z", "ends_at": "late"}, ["endsAt"]),
        ({"starts_at": "2030-02-02T00:00:00Z", "ends_at": None, "text": ""}, ["text", "endsAt"]),
    ],
)
def test_what_is_wrong_with_a_change_by_itself_and_with_the_mailing_is_told_at_once(
    raw: dict[str, Any], paths: list[str]
) -> None:
    stored = Mailing(starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=5))

    assert [problem.path for problem in check_changes(stored, mailing_changes(**raw), NOW)] == [(p,) for p in paths]


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        (MailingChanges(), []),
        (MailingChanges(ends_at=NOW + timedelta(hours=1)), []),
        (MailingChanges(ends_at=NOW), [("endsAt",)]),
        (MailingChanges(ends_at=NOW - timedelta(hours=3)), [("endsAt",), ("endsAt",)]),
        (MailingChanges(starts_at=NOW + timedelta(hours=6)), [("startsAt",)]),
        (MailingChanges(starts_at=NOW + timedelta(hours=6), ends_at=NOW + timedelta(hours=7)), []),
    ],
)
def test_changes_are_held_against_the_stored_mailing(changes: MailingChanges, paths: list[tuple[str, ...]]) -> None:
    stored = Mailing(starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=5))

    assert [problem.path for problem in check_changes(stored, changes, NOW)] == paths
