"""Which values a token may have."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.errors import Problem
from mailing.mailings.raw_values import Check
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
    check.problems += [Problem(("name",), message) for message in _name_problems(name)]
    expires = None if expires_at is None else check.moment("expiresAt", expires_at)
    if expires is not None and check.is_sound("expiresAt") and not now < expires <= now + timedelta(days=MAX_DAYS):
        allowed = f"must be in the future and within {MAX_DAYS:,} days; without it the token never expires"
        check.note(f"{allowed}; given: {shown(expires_at or '')}", "expiresAt")
    check.finish()
    return NewToken(name, role, expires)


def _name_problems(name: str) -> list[str]:
    if not name.strip():
        return ["must not be blank"]
    if len(name) > MAX_NAME_LENGTH:
        return [f"must be at most {MAX_NAME_LENGTH} characters; given: {len(name):,}"]
    return [] if _is_printable(name) else [f"must not hold control characters; given: {shown(name)}"]
