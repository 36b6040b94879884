"""Which values a mailing may have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from mailing.changes import UNCHANGED, Unchanged
from mailing.delivery.window import LocalTimeWindow
from mailing.errors import Problem
from mailing.mailings.raw_values import Check, RawFilter, RawWindow
from mailing.models import Mailing
from mailing.problem_code import ProblemCode

__all__ = [
    "MailingChanges",
    "NewMailing",
    "RawFilter",
    "RawWindow",
    "check_changes",
    "checked_filter",
    "mailing_changes",
    "new_mailing",
]


@dataclass(frozen=True, slots=True)
class NewMailing:
    """Checked values. Times are UTC; codes and tags hold no value twice, and empty means any."""

    text: str
    starts_at: datetime
    ends_at: datetime
    operator_codes: tuple[str, ...]
    tags: tuple[str, ...]
    window: LocalTimeWindow | None
    max_rate: int | None


@dataclass(frozen=True, slots=True)
class MailingChanges:
    """Checked values; what is UNCHANGED keeps its old one. None removes the window or the rate.

    A value that cannot be taken is UNCHANGED here and in `problems`. They wait there for `check_changes`, which knows
    the mailing as it is stored, so that all that is wrong is told at once.
    """

    text: str | Unchanged = UNCHANGED
    starts_at: datetime | Unchanged = UNCHANGED
    ends_at: datetime | Unchanged = UNCHANGED
    operator_codes: tuple[str, ...] | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    window: LocalTimeWindow | Unchanged | None = UNCHANGED
    max_rate: int | Unchanged | None = UNCHANGED
    problems: tuple[Problem, ...] = ()


def new_mailing(
    *,
    now: datetime,
    text: str,
    starts_at: str,
    ends_at: str,
    filter: RawFilter | None = None,
    window: RawWindow | None = None,
    max_rate: int | None = None,
) -> NewMailing:
    """A mailing's values as they came, checked. `now` is the database's time, which decides what is past.

    Raises InvalidInputError with every problem.
    """
    check = Check()
    ends = check.moment("endsAt", ends_at)
    checked = NewMailing(
        text=check.text(text),
        starts_at=check.moment("startsAt", starts_at),
        ends_at=ends,
        operator_codes=check.operator_codes(filter),
        tags=check.tags(filter),
        window=check.window(window),
        max_rate=check.max_rate(max_rate),
    )
    if check.is_sound("startsAt", "endsAt"):
        check.problems += _period_problems(checked.starts_at, ends)
    if check.is_sound("endsAt"):
        check.problems += _past_problems(ends, now)
    check.finish()
    return checked


def mailing_changes(
    *,
    text: str | Unchanged | None = UNCHANGED,
    starts_at: str | Unchanged | None = UNCHANGED,
    ends_at: str | Unchanged | None = UNCHANGED,
    filter: RawFilter | Unchanged | None = UNCHANGED,
    window: RawWindow | Unchanged | None = UNCHANGED,
    max_rate: int | Unchanged | None = UNCHANGED,
) -> MailingChanges:
    """The changes to a mailing as they came, each value checked by itself; the rest is for `check_changes`.

    None removes the window or the rate, and as the filter chooses everyone.
    """
    check = Check()
    return MailingChanges(
        text=check.changed("text", text, check.text),
        starts_at=check.changed("startsAt", starts_at, lambda raw: check.moment("startsAt", raw)),
        ends_at=check.changed("endsAt", ends_at, lambda raw: check.moment("endsAt", raw)),
        operator_codes=check.replaced(filter, check.operator_codes),
        tags=check.replaced(filter, check.tags),
        window=check.replaced(window, check.window),
        max_rate=check.replaced(max_rate, check.max_rate),
        problems=tuple(check.problems),
    )


def check_changes(current: Mailing, changes: MailingChanges, now: datetime) -> list[Problem]:
    """All that is wrong with changes, for the mailing as it is stored; `now` is the database's time."""
    problems = list(changes.problems)
    starts = current.starts_at if isinstance(changes.starts_at, Unchanged) else changes.starts_at
    ends = current.ends_at if isinstance(changes.ends_at, Unchanged) else changes.ends_at
    if not {("startsAt",), ("endsAt",)} & {problem.path for problem in problems}:
        problems += _period_problems(starts, ends, "startsAt" if changes.ends_at is UNCHANGED else "endsAt")
    if changes.ends_at is not UNCHANGED:
        problems += _past_problems(ends, now)
    return problems


def checked_filter(filter: RawFilter | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Operator codes and tags, by themselves. Raises InvalidInputError with every problem."""
    check = Check()
    checked = check.operator_codes(filter), check.tags(filter)
    check.finish()
    return checked


def _period_problems(starts: datetime, ends: datetime, name: str = "endsAt") -> Iterator[Problem]:
    if ends <= starts:
        code, rule = (
            (ProblemCode.NOT_AFTER_START, "must be after startsAt")
            if name == "endsAt"
            else (ProblemCode.NOT_BEFORE_END, "must be before endsAt")
        )
        yield Problem((name,), f"{rule}; startsAt: {_iso(starts)}, endsAt: {_iso(ends)}", code)


def _past_problems(ends: datetime, now: datetime) -> Iterator[Problem]:
    if ends <= now:
        message = f"must be in the future; given: {_iso(ends)}, now: {_iso(now)}"
        yield Problem(("endsAt",), message, ProblemCode.NOT_IN_FUTURE)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
