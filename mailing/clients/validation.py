"""Which values a client may have: checked here for the API and, row by row, for the import of files.

A valid row costs about a microsecond, and only an invalid one pays for finding out what is wrong with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import NamedTuple

from mailing.changes import UNCHANGED, Unchanged
from mailing.errors import InvalidInputError, Problem
from mailing.problem_code import ProblemCode
from mailing.timezones import ZONE_NAMES, is_known_zone
from mailing.wording import NULL_IN_CHANGE, shown

MAX_TAG_LENGTH = 100
MAX_OPERATOR_CODE_LENGTH = 8

_is_phone = re.compile(r"7[0-9]{10}").fullmatch
_is_operator_code = re.compile(rf"[0-9]{{1,{MAX_OPERATOR_CODE_LENGTH}}}").fullmatch
# Lone surrogates are no characters at all: PostgreSQL's UTF-8 cannot hold them.
_is_tag = re.compile(rf"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{{0,{MAX_TAG_LENGTH}}}").fullmatch


class NewClient(NamedTuple):
    """Checked values, in the order of the table's columns. A tuple, so that an import can stream them as they are."""

    phone: int
    operator_code: str
    tag: str
    timezone: str


@dataclass(frozen=True, slots=True)
class ClientChanges:
    """Checked values; what is UNCHANGED keeps its old one."""

    phone: int | Unchanged = UNCHANGED
    operator_code: str | Unchanged = UNCHANGED
    tag: str | Unchanged = UNCHANGED
    timezone: str | Unchanged = UNCHANGED


def check_client(phone: str, operator_code: str | None, tag: str | None, timezone: str) -> NewClient | list[Problem]:
    """A client's values as they came, checked: the client, or everything that is wrong with it.

    Without an operator code it is the phone's digits 2 to 4; without a tag there is none ("").
    """
    if (
        _is_phone(phone)
        and (operator_code is None or _is_operator_code(operator_code))
        and (tag is None or _is_tag(tag))
        and is_known_zone(timezone)
    ):
        return NewClient(int(phone), phone[1:4] if operator_code is None else operator_code, tag or "", timezone)
    return list(_problems(phone, UNCHANGED if operator_code is None else operator_code, tag or "", timezone))


def new_client(phone: str, operator_code: str | None, tag: str | None, timezone: str) -> NewClient:
    """`check_client` for one who wants only the client.

    Raises InvalidInputError with every problem.
    """
    checked = check_client(phone, operator_code, tag, timezone)
    if isinstance(checked, NewClient):
        return checked
    raise InvalidInputError(checked)


def client_changes(
    phone: str | Unchanged | None = UNCHANGED,
    operator_code: str | Unchanged | None = UNCHANGED,
    tag: str | Unchanged | None = UNCHANGED,
    timezone: str | Unchanged | None = UNCHANGED,
) -> ClientChanges:
    """The changes to a client as they came, checked. None removes the tag; nothing else can be removed.

    Raises InvalidInputError with every problem.
    """
    nulls = {"phone": phone, "operatorCode": operator_code, "timezone": timezone}
    tag = "" if tag is None else tag
    problems = [
        Problem((name,), NULL_IN_CHANGE, ProblemCode.REQUIRED) for name, value in nulls.items() if value is None
    ]
    problems += _problems(phone, operator_code, tag, timezone)
    if problems or phone is None or operator_code is None or timezone is None:
        raise InvalidInputError(problems)
    return ClientChanges(
        phone=phone if isinstance(phone, Unchanged) else int(phone),
        operator_code=operator_code,
        tag=tag,
        timezone=timezone,
    )


def operator_code_problem(code: str, *path: str) -> Problem | None:
    """What is wrong with an operator code that stands at `path`, or None."""
    if _is_operator_code(code):
        return None
    message = f"must be 1 to {MAX_OPERATOR_CODE_LENGTH} digits, such as 916; given: {shown(code)}"
    return Problem(path, message, ProblemCode.NOT_AN_OPERATOR_CODE, MAX_OPERATOR_CODE_LENGTH)


def tag_problem(tag: str, *path: str) -> Problem | None:
    """What is wrong with a tag that stands at `path`, or None."""
    if _is_tag(tag):
        return None
    if len(tag) > MAX_TAG_LENGTH:
        message = f"must be at most {MAX_TAG_LENGTH} characters; given: {len(tag)}"
        return Problem(path, message, ProblemCode.TOO_LONG, MAX_TAG_LENGTH)
    return Problem(path, f"must not hold control characters; given: {shown(tag)}", ProblemCode.FORBIDDEN_CHARACTERS)


def _problems(
    phone: str | Unchanged | None, code: str | Unchanged | None, tag: str | Unchanged, zone: str | Unchanged | None
) -> Iterator[Problem]:
    if isinstance(phone, str) and not _is_phone(phone):
        message = f"must be 7 and ten digits, such as 79161234567; given: {shown(phone)}"
        yield Problem(("phone",), message, ProblemCode.NOT_A_PHONE)
    if isinstance(code, str) and (problem := operator_code_problem(code, "operatorCode")):
        yield problem
    if isinstance(tag, str) and (problem := tag_problem(tag, "tag")):
        yield problem
    if isinstance(zone, str) and not is_known_zone(zone):
        yield Problem(("timezone",), _zone_message(zone), ProblemCode.NOT_A_TIME_ZONE)


_looks_like_a_zone = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{1,63}").fullmatch


# A file with a wrong zone asks for the same ones in every row.
@lru_cache(maxsize=1024)
def _zone_message(zone: str) -> str:
    known = _zones_like(zone)
    close = get_close_matches(zone.casefold(), known, n=1, cutoff=0.8)
    hint = f"; did you mean {known[close[0]]}?" if close else ""
    return f"must be an IANA time zone, such as Europe/Moscow; given: {shown(zone)}{hint}"


def _zones_like(zone: str) -> dict[str, str]:
    """The zones that begin as this one does, by their names in lower case.

    Close matches among all are dear, a millisecond, and a file whose columns are mixed up asks for thousands.
    """
    return _by_initial().get(zone[0].casefold(), {}) if _looks_like_a_zone(zone) else {}


@cache
def _by_initial() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for name in ZONE_NAMES:
        names.setdefault(name[0].casefold(), {})[name.casefold()] = name
    return names
