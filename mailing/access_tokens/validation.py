"""Which values a token may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.errors import Problem
from mailing.mailings.raw_values import Check
from mailing.problem_code import ProblemCode
from mailing.roles import Role
from mailing.wording import shown

MAX_NAME_LENGTH = 100
MAX_DAYS = 3_650

_is_printable = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*").fullmatch


@dataclass(frozen=True, slots=True)
class NewToken:
    """Checked values."""

    name: str
    role: Role
    expires_at: datetime | None
    """UTC; None: never."""


def new_token(*, now: datetime, name: str, role: Role, expires_at: str | None = None) -> NewToken:
    """A token's values as they came, checked. `now` is the database's time, which decides what is past.

    Raises InvalidInputError with every problem.
    """
    check = Check()
    check.problems += _name_problems(name)
    expires = None if expires_at is None else check.moment("expiresAt", expires_at)
    if expires is not None and check.is_sound("expiresAt"):
        check.problems += _expiry_problems(expires, now, expires_at or "")
    check.finish()
    return NewToken(name, role, expires)


def _name_problems(name: str) -> Iterator[Problem]:
    if not name.strip():
        yield Problem(("name",), "must not be blank", ProblemCode.BLANK)
    elif len(name) > MAX_NAME_LENGTH:
        message = f"must be at most {MAX_NAME_LENGTH} characters; given: {len(name):,}"
        yield Problem(("name",), message, ProblemCode.TOO_LONG, MAX_NAME_LENGTH)
    elif not _is_printable(name):
        message = f"must not hold control characters; given: {shown(name)}"
        yield Problem(("name",), message, ProblemCode.FORBIDDEN_CHARACTERS)


def _expiry_problems(expires: datetime, now: datetime, given: str) -> Iterator[Problem]:
    allowed = f"must be in the future and within {MAX_DAYS:,} days; without it the token never expires"
    message = f"{allowed}; given: {shown(given)}"
    if expires <= now:
        yield Problem(("expiresAt",), message, ProblemCode.NOT_IN_FUTURE)
    elif expires > now + timedelta(days=MAX_DAYS):
        yield Problem(("expiresAt",), message, ProblemCode.TOO_FAR_AHEAD, MAX_DAYS)
