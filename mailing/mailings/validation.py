"""Which values a mailing may have."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TypeVar

from mailing.changes import UNCHANGED, Unchanged
from mailing.clients.validation import NULL_IN_CHANGE, operator_code_problem, shown, tag_problem
from mailing.delivery.window import LocalTimeWindow
from mailing.errors import InvalidInputError, Problem
from mailing.models import Mailing

MAX_TEXT_LENGTH = 1_000
MAX_RATE = 100_000
MAX_FILTER_VALUES = 100

T = TypeVar("T")

_is_local_time = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]").fullmatch
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RawFilter:
    """The clients to choose, as given; None and empty both mean any."""

    operator_codes: Sequence[str] | None = None
    tags: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class RawWindow:
    """A window as given."""

    opens_at: str
    closes_at: str


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

    What depends on the mailing as it is stored is for `check_changes`.
    """

    text: str | Unchanged = UNCHANGED
    starts_at: datetime | Unchanged = UNCHANGED
    ends_at: datetime | Unchanged = UNCHANGED
    operator_codes: tuple[str, ...] | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    window: LocalTimeWindow | Unchanged | None = UNCHANGED
    max_rate: int | Unchanged | None = UNCHANGED


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
    check = _Check()
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
    """The changes to a mailing as they came, checked as far as that is possible without the mailing.

    None removes the window or the rate, and as the filter chooses everyone. Raises InvalidInputError with every
    problem.
    """
    check = _Check()
    checked = MailingChanges(
        text=check.changed("text", text, check.text),
        starts_at=check.changed("startsAt", starts_at, lambda raw: check.moment("startsAt", raw)),
        ends_at=check.changed("endsAt", ends_at, lambda raw: check.moment("endsAt", raw)),
        operator_codes=filter if isinstance(filter, Unchanged) else check.operator_codes(filter),
        tags=filter if isinstance(filter, Unchanged) else check.tags(filter),
        window=window if isinstance(window, Unchanged) else check.window(window),
        max_rate=max_rate if isinstance(max_rate, Unchanged) else check.max_rate(max_rate),
    )
    starts, ends = checked.starts_at, checked.ends_at
    if check.is_sound("startsAt", "endsAt") and isinstance(starts, datetime) and isinstance(ends, datetime):
        check.problems += _period_problems(starts, ends)
    check.finish()
    return checked


def check_changes(current: Mailing, changes: MailingChanges, now: datetime) -> list[Problem]:
    """What is wrong with changes for the mailing as it is stored; `now` is the database's time."""
    starts = current.starts_at if isinstance(changes.starts_at, Unchanged) else changes.starts_at
    ends = current.ends_at if isinstance(changes.ends_at, Unchanged) else changes.ends_at
    problems = list(_period_problems(starts, ends, "startsAt" if changes.ends_at is UNCHANGED else "endsAt"))
    if changes.ends_at is not UNCHANGED:
        problems += _past_problems(ends, now)
    return problems


def checked_filter(filter: RawFilter | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Operator codes and tags, by themselves. Raises InvalidInputError with every problem."""
    check = _Check()
    checked = check.operator_codes(filter), check.tags(filter)
    check.finish()
    return checked


def moment(value: str) -> datetime | None:
    """An ISO 8601 date and time with an offset, in UTC; None for anything else."""
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):  # The latter: the year 1 or 9999, and an offset that leads out of it.
        return None


def moment_message(value: str) -> str:
    """Why `moment` does not take a value."""
    return f"must be ISO 8601 with an offset, such as 2030-01-31T09:00:00+03:00 or …Z; given: {shown(value)}"


class _Check:
    """Collects problems. A method that finds one returns some value of the right type, which nobody gets to see."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def finish(self) -> None:
        if self.problems:
            raise InvalidInputError(self.problems)

    def is_sound(self, *names: str) -> bool:
        return all(problem.path[0] not in names for problem in self.problems)

    def changed(self, name: str, raw: str | Unchanged | None, parse: Callable[[str], T]) -> T | Unchanged:
        if isinstance(raw, Unchanged):
            return raw
        if raw is None:
            self._note(NULL_IN_CHANGE, name)
            return UNCHANGED
        return parse(raw)

    def text(self, raw: str) -> str:
        if not raw.strip():
            self._note("must not be blank", "text")
        if len(raw) > MAX_TEXT_LENGTH:
            self._note(f"must be at most {MAX_TEXT_LENGTH:,} characters; given: {len(raw):,}", "text")
        if _UNSTORABLE.search(raw):
            self._note("must not hold NUL or half a surrogate pair", "text")
        return raw

    def moment(self, name: str, raw: str) -> datetime:
        at = moment(raw)
        if at is None:
            self._note(moment_message(raw), name)
        return at or datetime.min.replace(tzinfo=UTC)

    def operator_codes(self, raw: RawFilter | None) -> tuple[str, ...]:
        return self._values("operatorCodes", raw.operator_codes if raw else None, operator_code_problem)

    def tags(self, raw: RawFilter | None) -> tuple[str, ...]:
        return self._values("tags", raw.tags if raw else None, tag_problem)

    def window(self, raw: RawWindow | None) -> LocalTimeWindow | None:
        if raw is None:
            return None
        opens, closes = self._local_time("opensAt", raw.opens_at), self._local_time("closesAt", raw.closes_at)
        if opens is None or closes is None:
            return None
        if opens == closes:
            self._note("must differ from opensAt; without a window any time of day will do", "window", "closesAt")
            return None
        return LocalTimeWindow(opens, closes)

    def max_rate(self, raw: int | None) -> int | None:
        if raw is not None and not 1 <= raw <= MAX_RATE:
            self._note(f"must be 1 to {MAX_RATE:,} messages a second; given: {raw:,}", "maxRate")
        return raw

    def _values(self, name: str, raw: Sequence[str] | None, problem_of: Callable[[str], str | None]) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(raw or ()))
        if len(values) > MAX_FILTER_VALUES:
            self._note(f"must be at most {MAX_FILTER_VALUES} different values; given: {len(values)}", "filter", name)
            return values
        for index, value in enumerate(raw or ()):
            if message := problem_of(value):
                self._note(message, "filter", name, str(index))
        return values

    def _local_time(self, name: str, raw: str) -> time | None:
        if _is_local_time(raw):
            return time.fromisoformat(raw)
        self._note(f"must be HH:MM from 00:00 to 23:59; given: {shown(raw)}", "window", name)
        return None

    def _note(self, message: str, *path: str) -> None:
        self.problems.append(Problem(path, message))


def _period_problems(starts: datetime, ends: datetime, name: str = "endsAt") -> Iterator[Problem]:
    if ends <= starts:
        other = "be after startsAt" if name == "endsAt" else "be before endsAt"
        yield Problem((name,), f"must {other}; startsAt: {_iso(starts)}, endsAt: {_iso(ends)}")


def _past_problems(ends: datetime, now: datetime) -> Iterator[Problem]:
    if ends <= now:
        yield Problem(("endsAt",), f"must be in the future; given: {_iso(ends)}, now: {_iso(now)}")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
