"""Whether somebody else's clock shows the same time as this machine's."""

from datetime import UTC, datetime, timedelta

from mailing.health.amounts import span
from mailing.health.finding import Finding, fine, problem, warning

NOTICEABLE = timedelta(seconds=1)
HARMFUL = timedelta(seconds=30)
"""Beyond this, tokens are refused as expired or as not valid yet, and the story told by logs is in the wrong order."""

_ADVICE = (
    "Let NTP or chrony set the clocks of both machines. When a mailing starts, ends, and is inside its window is "
    "decided by the database's clock alone."
)


class Question:
    """The time between a question and its answer, by this machine's clock: somewhere in it the other looked at its own.

    Make it right before asking.
    """

    def __init__(self) -> None:
        self.asked_at = datetime.now(UTC)

    def answered(self, whose: str, shown: datetime, resolution: timedelta = timedelta(0)) -> Finding:
        """Compare the clock of `whose`, which showed this, cut off to `resolution`. Call it right after the answer."""
        return compared(whose, shown, self.asked_at - resolution, datetime.now(UTC))


def compared(whose: str, shown: datetime, earliest: datetime, latest: datetime) -> Finding:
    """What it means that their clock showed `shown` at some moment between these two of ours.

    Only what the way cannot explain counts, so an answer that takes long hides a difference and never feigns one.
    """
    subject = f"clock of {whose}"
    ahead = max(shown - latest, timedelta(0)) - max(earliest - shown, timedelta(0))
    if abs(ahead) <= NOTICEABLE:
        return fine(subject, "It shows the same time as this machine's.")
    what = f"It is {span(ahead)} {'ahead of' if ahead > timedelta(0) else 'behind'} this machine's."
    return (problem if abs(ahead) > HARMFUL else warning)(subject, what, _ADVICE)
