"""Makes the report of a day and hands it to the mail server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from mailing.errors import ReportNotSentError, ReportSwitchedOffError
from mailing.report_checks import MailServer, addresses
from mailing.reports.day import ReportDay
from mailing.reports.letter import Letter, write_letter
from mailing.reports.mail import compose
from mailing.reports.post import MailNotTakenError, Refused, hand_over
from mailing.reports.service import figures_of
from mailing.settings import Settings


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that the mail server has taken."""

    letter: Letter
    to: tuple[str, ...]
    """The addresses for which it has."""
    refused: Refused


async def make_report(settings: Settings, day: ReportDay) -> Letter:
    """The report of a day as it stands now."""
    return write_letter(await figures_of(day), link=settings.public_url)


async def send_by_hand(settings: Settings, day: ReportDay) -> SentReport:
    """Send a report because somebody wants it now, whether or not that day's has been sent: it is no day's own.

    Raises ReportSwitchedOffError, ReportNotSentError.
    """
    if not settings.is_report_on:
        raise ReportSwitchedOffError
    try:
        return await send_letter(settings, await make_report(settings, day), key=uuid4())
    except MailNotTakenError as e:
        raise ReportNotSentError(str(e)) from e


async def send_letter(
    settings: Settings, letter: Letter, *, key: UUID, taken: Callable[[], Awaitable[None]] | None = None
) -> SentReport:
    """Hand it to the mail server for all who get the report. `taken` runs the moment the server has it.

    Only where the report is on. Raises MailNotTakenError.
    """
    assert settings.report_from, "settings that name addresses name these, too"
    assert settings.smtp_url, "settings that name addresses name these, too"
    to, (sender,) = addresses(settings.report_to), addresses(settings.report_from)
    refused = await hand_over(
        compose(letter, sender=sender, to=to, key=key),
        MailServer.at(settings.smtp_url.get_secret_value()),
        step_seconds=settings.smtp_timeout_seconds,
        taken=taken,
    )
    return SentReport(letter, tuple(a.addr_spec for a in to if a.addr_spec not in refused), refused)
