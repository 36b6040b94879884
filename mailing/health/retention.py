"""Whether messages that are to be kept no longer are removed."""

from datetime import datetime, timedelta

from mailing.health import queries
from mailing.health.finding import Finding, fine, warning
from mailing.retention.period import Retention
from mailing.wording import days, messages

_SUBJECT = "retention"
_A_NIGHT = timedelta(days=1)
"""For which the scheduler has time: what it should have removed by the night before this is late."""


async def look_at_retention(retention: Retention | None, now: datetime) -> list[Finding]:
    """How much is waiting, and whether for too long."""
    if retention is None:
        return [fine(_SUBJECT, "Messages are kept for ever: MAILING_RETENTION_DAYS is not set.")]
    ended_before = retention.ended_before(now)
    old = await queries.old_messages(ended_before, ended_before - _A_NIGHT)
    kept = f"Messages are kept for {days(retention.days)} after their mailing's end."
    if not old.mailings:
        return [fine(_SUBJECT, f"{kept} None that is older waits to be removed.")]
    mailings = f"{old.mailings} mailing{'' if old.mailings == 1 else 's'}"
    more = " or more" if old.mailings >= queries.MOST_COUNTED else ""
    what = f"{kept} To be removed are those of {mailings}{more}, {messages(old.messages)}."
    if not old.late_mailings:
        return [fine(_SUBJECT, what)]
    advice = (
        "See whether `mailing scheduler` runs, and what it logs of retention. A first time may take hours: "
        "`mailing prune --dry-run` shows how far it is."
    )
    return [warning(_SUBJECT, f"{what} Some of them have waited for more than a day.", advice)]
