"""The course of a large mailing, tenth by tenth: whether it slows down as rows grow old."""

from dataclasses import dataclass
from itertools import pairwise

from bench.figures import Grid
from bench.statements import StatementClass


@dataclass(frozen=True, slots=True)
class Tenth:
    """One look at the database, when `done` of the mailing was done."""

    done: float
    at: float
    """Seconds since the mailing's start."""
    sent: int
    megabytes: float
    """Of the whole database."""
    dead_rows: int
    statements: dict[str, StatementClass]


def tenths_grid(tenths: list[Tenth]) -> Grid:
    """Each row tells of the time since the row before."""
    return Grid(
        "Course",
        ("done", "after, s", "messages/s", "claim, ms", "record, ms", "database, MB", "dead message rows"),
        [
            (
                f"{now.done:.0%}",
                f"{now.at:.0f}",
                f"{(now.sent - before.sent) / max(now.at - before.at, 1e-9):,.0f}",
                _mean_ms("claims", before, now),
                _mean_ms("records", before, now),
                f"{now.megabytes:,.0f}",
                f"{now.dead_rows:,}",
            )
            for before, now in pairwise(tenths)
        ],
    )


def _mean_ms(name: str, before: Tenth, now: Tenth) -> str:
    if name not in now.statements:
        return ""
    earlier = before.statements.get(name, StatementClass(0, 0, 0))
    calls = now.statements[name].calls - earlier.calls
    return f"{(now.statements[name].seconds - earlier.seconds) * 1000 / max(calls, 1):.1f}"
