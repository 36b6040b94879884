"""Sends the report of each day once, however many schedulers there are, and however often they die.

The row of the day decides: whoever writes it has the day, for a lease. Between the mail server's yes and the row that
says so lies the one place of doubt: who dies there leaves a report that is sent again, under the same Message-ID.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from mailing.cancellation import end
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.sweep_failures import tell_failure
from mailing.mailings.queries import database_time
from mailing.outage import Outage
from mailing.report_checks import clock
from mailing.reports.day import ReportDay, latest_due
from mailing.reports.day_queries import ClaimedDay, claim_day, note_sent, put_off, renew_claim, unsent_days
from mailing.reports.post import MOST_SECONDS, MailNotTakenError
from mailing.reports.sending import make_report, send_letter
from mailing.settings import Settings

log = structlog.get_logger(__name__)

CATCH_UP_DAYS: Final = 7
"""Reports that were missed are sent later, those of the last week: who was away for longer wants no heap of mail."""

LEASE: Final = timedelta(minutes=3)
"""So long a day is had, renewed once the report is made; a scheduler that died with it is replaced after that."""
_NOTE_AGAIN_SECONDS = 1.0
_NOTING_SECONDS: Final = 60.0
"""So long the row is tried to be written when the mail server has the report and the database is away."""
assert LEASE.total_seconds() > MOST_SECONDS + _NOTING_SECONDS, "handing over and noting it both fit"

_CLOSE_SECONDS: Final = 4.0
"""What a process that is told to stop gives its last round."""

_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(minutes=30)

_outage = Outage("report.not_sent")


class DailyReports:
    """The rounds of one process, of which the last one is not cut off."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._round: asyncio.Task[None] | None = None

    async def send_due(self) -> None:
        """One round: `send_due_reports`. Who is cancelled here leaves it to go on."""
        self._round = asyncio.create_task(send_due_reports(self._settings))
        await asyncio.shield(self._round)

    async def close(self) -> None:
        """Let a report that is on its way arrive: cut off, nobody would know whether it has."""
        if self._round is not None:
            await asyncio.wait([self._round], timeout=_CLOSE_SECONDS)
            await end(self._round)


async def send_due_reports(settings: Settings) -> None:
    """One round, to be made every minute: send what is due and nobody has sent. A failure is told, never raised."""
    if not settings.is_report_on:
        return
    try:
        await _send_due(settings)
    except Exception as e:
        tell_failure(e, step="daily_report")


def wait_after(tries: int) -> timedelta:
    """From a try that failed to the next: a minute, doubled with each, half an hour at most."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(tries - 1, 10)))


async def _send_due(settings: Settings) -> None:
    zone = settings.report_timezone
    due = latest_due(await database_time(), zone, clock(settings.report_at))
    for day in await unsent_days(due.date, CATCH_UP_DAYS):
        claimed = await claim_day(day, LEASE)
        if claimed is not None and not await _send(settings, ReportDay(day, zone), claimed):
            return  # The mail server is away for the other days, too.


async def _send(settings: Settings, day: ReportDay, claimed: ClaimedDay) -> bool:
    told = {"day": day.date.isoformat(), "tries": claimed.tries}
    letter = await make_report(settings, day)
    if not await renew_claim(claimed, LEASE):
        log.warning("report.left_to_another", **told)  # Making it took longer than the lease.
        return True
    try:
        sent = await send_letter(settings, letter, key=claimed.key, taken=lambda: _note(claimed))
    except MailNotTakenError as e:
        wait = wait_after(claimed.tries)
        await put_off(claimed, wait, str(e))
        _outage.met(e, **told, next_try_in_seconds=round(wait.total_seconds()))
        return False
    _outage.over()
    log.info("report.sent", **told, recipients=len(sent.to), refused=dict(sent.refused))
    return True


async def _note(claimed: ClaimedDay) -> None:
    """Write that the report is sent, also where the database is away for a moment: without it, it leaves again."""
    deadline = asyncio.get_running_loop().time() + _NOTING_SECONDS
    while True:
        try:
            return await note_sent(claimed)
        except DATABASE_ERRORS:
            if asyncio.get_running_loop().time() >= deadline:
                raise
            await asyncio.sleep(_NOTE_AGAIN_SECONDS)
