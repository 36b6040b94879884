import time

import pytest

from mailing.changes import UNCHANGED
from mailing.clients.validation import ClientChanges, NewClient, check_client, client_changes, new_client
from mailing.errors import InvalidInputError, Problem
from mailing.problem_code import ProblemCode

PHONE = "must be 7 and ten digits, such as 79161234567; given: "
CODE = "must be 1 to 8 digits, such as 916; given: "
ZONE = "must be an IANA time zone, such as Europe/Moscow; given: "


def test_good_values_become_a_client() -> None:
    assert check_client("79161234567", "45", "vip", "Asia/Tokyo") == NewClient(79161234567, "45", "vip", "Asia/Tokyo")


def test_the_operator_code_defaults_to_digits_two_to_four_of_the_phone() -> None:
    assert check_client("79161234567", None, None, "UTC") == NewClient(79161234567, "916", "", "UTC")


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as raised:
        new_client("8 916", "12a", "a\tb", "Moscow")

    assert raised.value.problems == (
        Problem(("phone",), PHONE + '"8 916"', ProblemCode.NOT_A_PHONE),
        Problem(("operatorCode",), CODE + '"12a"', ProblemCode.NOT_AN_OPERATOR_CODE, 8),
        Problem(("tag",), 'must not hold control characters; given: "a\\u0009b"', ProblemCode.FORBIDDEN_CHARACTERS),
        Problem(("timezone",), ZONE + '"Moscow"', ProblemCode.NOT_A_TIME_ZONE),
    )


@pytest.mark.parametrize(
    "phone",
    ["", "89161234567", "7916123456", "791612345678", "+79161234567", "79161234567\n", "7916123456٧", "7916123456a"],
)
def test_a_phone_is_seven_and_ten_ascii_digits(phone: str) -> None:
    checked = check_client(phone, None, None, "UTC")

    assert isinstance(checked, list)
    assert [problem.path for problem in checked] == [("phone",)]


@pytest.mark.parametrize("code", ["", "123456789", "9 1", "٩١٦", "916\n"])
def test_an_operator_code_is_one_to_eight_ascii_digits(code: str) -> None:
    checked = check_client("79161234567", code, None, "UTC")

    assert isinstance(checked, list)
    assert [problem.path for problem in checked] == [("operatorCode",)]


@pytest.mark.parametrize("tag", ["", "x" * 100, "Клиент №1", "😀", "a b"])
def test_a_tag_may_be_any_label(tag: str) -> None:
    assert check_client("79161234567", None, tag, "UTC") == NewClient(79161234567, "916", tag, "UTC")


@pytest.mark.parametrize(
    ("tag", "message", "code", "limit"),
    [
        ("x" * 101, "must be at most 100 characters; given: 101", ProblemCode.TOO_LONG, 100),
        ("\0", 'must not hold control characters; given: "\\u0000"', ProblemCode.FORBIDDEN_CHARACTERS, None),
        ("a\nb", 'must not hold control characters; given: "a\\u000ab"', ProblemCode.FORBIDDEN_CHARACTERS, None),
        ("\x85", 'must not hold control characters; given: "\\u0085"', ProblemCode.FORBIDDEN_CHARACTERS, None),
        ("\ud800", 'must not hold control characters; given: "\\ud800"', ProblemCode.FORBIDDEN_CHARACTERS, None),
    ],
)
def test_a_tag_that_cannot_be_stored_or_shown_is_refused(
    tag: str, message: str, code: ProblemCode, limit: int | None
) -> None:
    assert check_client("79161234567", None, tag, "UTC") == [Problem(("tag",), message, code, limit)]


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("europe/moscow", "; did you mean Europe/Moscow?"),
        ("Europe/Moskow", "; did you mean Europe/Moscow?"),
        ("MSK", ""),
        ("UTC+3", ""),
        ("", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_an_unknown_zone_is_refused_with_what_is_close_to_it(zone: str, hint: str) -> None:
    assert check_client("79161234567", None, None, zone) == [
        Problem(("timezone",), f'{ZONE}"{zone}"{hint}', ProblemCode.NOT_A_TIME_ZONE)
    ]


def test_a_long_value_is_shown_shortened() -> None:
    checked = check_client("7" * 1_000_000, None, None, "UTC")

    assert checked == [Problem(("phone",), f'{PHONE}"{"7" * 40}…"', ProblemCode.NOT_A_PHONE)]


def test_changes_hold_only_what_is_given() -> None:
    assert client_changes(phone="79161234567", tag=None) == ClientChanges(
        phone=79161234567, operator_code=UNCHANGED, tag="", timezone=UNCHANGED
    )


def test_what_must_be_there_cannot_be_changed_to_null() -> None:
    with pytest.raises(InvalidInputError) as raised:
        client_changes(phone=None, operator_code=None, timezone=None, tag="\0")

    kept = "must not be null; leave it out to keep it"
    assert raised.value.problems == (
        Problem(("phone",), kept, ProblemCode.REQUIRED),
        Problem(("operatorCode",), kept, ProblemCode.REQUIRED),
        Problem(("timezone",), kept, ProblemCode.REQUIRED),
        Problem(("tag",), 'must not hold control characters; given: "\\u0000"', ProblemCode.FORBIDDEN_CHARACTERS),
    )


def test_rows_of_a_file_are_checked_fast_enough_for_an_import() -> None:
    # A tenth of what is asked of it (50,000 rows a second), and only the time that the processor worked on it counts,
    # so that a busy machine does not fail the test.
    rows = [(str(79160000000 + n), None, "vip", "Europe/Moscow" if n % 2 else "Europe/Moskow") for n in range(5_000)]

    begun = time.thread_time()
    for row in rows:
        check_client(*row)

    assert time.thread_time() - begun < 1
