"""What a check has found, in words."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. In the order of the members, the worst last."""

    OK = "ok"
    WARNING = "warning"
    """It works; somebody should look at it before it does not."""
    PROBLEM = "problem"
    """Something does not work until somebody does something."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Texts are for people, one line each, and hold no secrets."""

    subject: str
    """What was looked at: "database", "clock of Redis"."""
    level: Level
    what: str
    """A sentence: what was found."""
    advice: str | None = None
    """What to do about it; None where there is nothing to do."""

    def as_json(self) -> dict[str, str]:
        """As machines get it; without advice where there is none."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def fine(subject: str, what: str) -> Finding:
    return Finding(subject, Level.OK, what)


def warning(subject: str, what: str, advice: str) -> Finding:
    return Finding(subject, Level.WARNING, what, advice)


def problem(subject: str, what: str, advice: str) -> Finding:
    return Finding(subject, Level.PROBLEM, what, advice)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among them; OK where there are none."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)
