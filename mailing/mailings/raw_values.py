"""A mailing's values as they come from outside, one by one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TypeVar

from mailing.changes import UNCHANGED, Unchanged
from mailing.clients.validation import operator_code_problem, tag_problem
from mailing.delivery.window import LocalTimeWindow
from mailing.errors import InvalidInputError, Problem
from mailing.problem_code import ProblemCode
from mailing.wording import NULL_IN_CHANGE, shown

MAX_TEXT_LENGTH = 1_000
MAX_RATE = 100_000
MAX_FILTER_VALUES = 100

Raw = TypeVar("Raw")
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


class Check:
    """Collects problems. A method that finds one returns some value of the right type, which nobody gets to see."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, code: ProblemCode, message: str, *path: str, limit: int | None = None) -> None:
        """A problem was found."""
        self.problems.append(Problem(path, message, code, limit))

    def finish(self) -> None:
        """Raise InvalidInputError with all problems, if there are any."""
        if self.problems:
            raise InvalidInputError(self.problems)

    def is_sound(self, *names: str) -> bool:
        """Whether no problem was found with these fields so far."""
        return all(problem.path[0] not in names for problem in self.problems)

    def changed(self, name: str, raw: str | Unchanged | None, parse: Callable[[str], T]) -> T | Unchanged:
        """`replaced`, for a value that cannot be removed: `parse` sees only a value."""
        if raw is None:
            self.note(ProblemCode.REQUIRED, NULL_IN_CHANGE, name)
            return UNCHANGED
        return self.replaced(raw, parse)

    def replaced(self, raw: Raw | Unchanged, parse: Callable[[Raw], T]) -> T | Unchanged:
        """For a change: what `parse` makes of a value, or UNCHANGED if it finds a problem with it."""
        if isinstance(raw, Unchanged):
            return raw
        known = len(self.problems)
        value = parse(raw)
        return value if len(self.problems) == known else UNCHANGED

    def text(self, raw: str) -> str:
        if not raw.strip():
            self.note(ProblemCode.BLANK, "must not be blank", "text")
        if len(raw) > MAX_TEXT_LENGTH:
            message = f"must be at most {MAX_TEXT_LENGTH:,} characters; given: {len(raw):,}"
            self.note(ProblemCode.TOO_LONG, message, "text", limit=MAX_TEXT_LENGTH)
        if _UNSTORABLE.search(raw):
            self.note(ProblemCode.FORBIDDEN_CHARACTERS, "must not hold NUL or half a surrogate pair", "text")
        return raw

    def moment(self, name: str, raw: str) -> datetime:
        at = moment(raw)
        if at is None:
            self.note(ProblemCode.NOT_A_MOMENT, moment_message(raw), name)
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
            message = "must differ from opensAt; without a window any time of day will do"
            self.note(ProblemCode.EMPTY_WINDOW, message, "window", "closesAt")
            return None
        return LocalTimeWindow(opens, closes)

    def max_rate(self, raw: int | None) -> int | None:
        if raw is not None and not 1 <= raw <= MAX_RATE:
            message = f"must be 1 to {MAX_RATE:,} messages a second; given: {raw:,}"
            self.note(ProblemCode.OUT_OF_RANGE, message, "maxRate", limit=MAX_RATE)
        return raw

    def _values(
        self, name: str, raw: Sequence[str] | None, problem_of: Callable[..., Problem | None]
    ) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(raw or ()))
        if len(values) > MAX_FILTER_VALUES:
            message = f"must be at most {MAX_FILTER_VALUES} different values; given: {len(values)}"
            self.note(ProblemCode.TOO_MANY, message, "filter", name, limit=MAX_FILTER_VALUES)
            return values
        for index, value in enumerate(raw or ()):
            if problem := problem_of(value, "filter", name, str(index)):
                self.problems.append(problem)
        return values

    def _local_time(self, name: str, raw: str) -> time | None:
        if _is_local_time(raw):
            return time.fromisoformat(raw)
        message = f"must be HH:MM from 00:00 to 23:59; given: {shown(raw)}"
        self.note(ProblemCode.NOT_A_LOCAL_TIME, message, "window", name)
        return None
