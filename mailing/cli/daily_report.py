"""What `mailing report` does."""

import asyncio
import sys
from pathlib import Path

from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.failure import CommandError, first_line
from mailing.cli.preconditions import check_database
from mailing.db import orm
from mailing.errors import InvalidInputError, ReportNotSentError
from mailing.mailings.queries import database_time
from mailing.reports.letter import Letter
from mailing.reports.sending import SentReport, make_report, send_by_hand
from mailing.reports.validation import chosen_day
from mailing.settings import Settings


def run(settings: Settings, *, date: str | None, preview: str | None, send: bool) -> None:
    """Print the report, write it, or send it.

    Raises CommandError where the day is none, the file cannot be written, or the database or the mail server fails.
    """
    if preview is not None and send:
        raise CommandError("--preview and --send exclude each other")
    if send and not settings.is_report_on:
        raise CommandError("MAILING_REPORT_TO names nobody who gets the report")
    configure_command_log(settings, "report")
    assert settings.database_url
    check_database(settings.database_url)
    try:
        _tell(asyncio.run(_made(settings, date, send=send)), preview)
    except InvalidInputError as e:
        raise CommandError("\n".join(f"--{problem}" for problem in e.problems)) from e
    except ReportNotSentError as e:
        raise CommandError(f"the mail server did not take the report: {e.reason} (MAILING_SMTP_URL)") from e
    except orm.DATABASE_ERRORS as e:
        raise CommandError(f"the database failed: {first_line(e)}") from e


async def _made(settings: Settings, date: str | None, *, send: bool) -> Letter | SentReport:
    async with connected(settings):
        day = chosen_day(date, zone=settings.report_timezone, now=await database_time())
        return await send_by_hand(settings, day) if send else await make_report(settings, day)


def _tell(made: Letter | SentReport, preview: str | None) -> None:
    if isinstance(made, SentReport):
        print(f"Sent to {', '.join(made.to)}: {made.letter.subject}")
        for address, answer in made.refused.items():
            print(f"Not to {address}: {answer}", file=sys.stderr)
    elif preview is None:
        print(made.text, end="")
    elif preview == "-":
        print(made.html, end="")
    else:
        _write(Path(preview), made.html)
        print(f"{preview}: {made.subject}")


def _write(file: Path, html: str) -> None:
    try:
        file.write_text(html, encoding="utf-8")
    except OSError as e:
        raise CommandError(f"{file} cannot be written: {e.strerror or e}") from e
