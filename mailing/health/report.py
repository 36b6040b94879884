"""Whether the daily report of the last days has left."""

from mailing.health import queries
from mailing.health.finding import Finding, fine, problem
from mailing.reports.daily import CATCH_UP_DAYS

_SUBJECT = "daily report"


async def look_at_report(is_on: bool) -> list[Finding]:
    """The oldest one that could not be sent, and is still tried."""
    if not is_on:
        return []
    late = await queries.late_report(CATCH_UP_DAYS)
    if late is None:
        return [fine(_SUBJECT, "None waits that could not be sent.")]
    tries = "once" if late.tries == 1 else f"{late.tries} times"
    what = f"That of {late.day} was tried {tries} and could not be sent: {late.error}."
    advice = "Mend what the mail server complains of; it is tried again by itself, each half an hour at least."
    return [problem(_SUBJECT, what, advice)]
