"""Whether scheduler and workers do their work. They have no addresses to ask; what they leave undone shows."""

from datetime import timedelta

from mailing.health import queries
from mailing.health.finding import Finding, fine, problem, warning

LATE = timedelta(seconds=30)
"""The scheduler looks every second, or as often as it is set to, at most a minute apart."""
CALLS = 3
"""Wake-ups without effect that say that nobody listens: together about half a minute."""


async def look_at_work(sweep_interval: timedelta) -> list[Finding]:
    """What is overdue, and whose business it is."""
    overdue = await queries.overdue(LATE + sweep_interval, CALLS)
    return [_scheduler(overdue), _workers(overdue)]


def _scheduler(overdue: queries.Overdue) -> Finding:
    late = [
        f"{what}: {_count(count)}"
        for count, what in (
            (overdue.starts, "mailings to start"),
            (overdue.ends, "mailings to end"),
            (overdue.leases, "leases of silent workers to take back"),
        )
        if count
    ]
    if not late:
        return fine("scheduler", "Nothing that it looks after is overdue.")
    advice = "See whether `mailing scheduler` runs, and what it logs; any number of them may run."
    return problem("scheduler", f"Overdue are {', '.join(late)}.", advice)


def _workers(overdue: queries.Overdue) -> Finding:
    if not overdue.unattended:
        return fine("workers", "No mailing waits for one in vain.")
    if overdue.attended:
        what = f"Mailings that wait while workers are busy with others: {_count(overdue.unattended)}."
        return warning("workers", what, "They get their turn; with more `mailing worker` processes, sooner.")
    what = f"Mailings that have work to do, and for which no worker comes when called: {_count(overdue.unattended)}."
    return problem("workers", what, "See whether `mailing worker` runs, and what it logs.")


def _count(count: int) -> str:
    return "100 or more" if count >= 100 else str(count)
