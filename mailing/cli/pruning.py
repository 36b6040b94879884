"""What `mailing prune` does, and what it shows."""

import asyncio
import sys
import time
from datetime import datetime, timedelta

import typer

from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.failure import CommandError, first_line
from mailing.cli.message_progress import MessageProgress
from mailing.cli.preconditions import check_database
from mailing.cli.screen import console
from mailing.db import orm
from mailing.delivery.wake_queries import count_mailings_due
from mailing.mailings.queries import database_time
from mailing.retention.pace import rest_after
from mailing.retention.queries import Waiting, what_waits
from mailing.retention.remover import Remover, Step
from mailing.settings import PREFIX, Settings
from mailing.wording import days as in_days
from mailing.wording import messages as in_messages

DONE, INTERRUPTED = 0, 130

_THE_REST = "What is left of a mailing that was begun goes with the next time, or the scheduler's next round."
_WAIT_FOR_THE_OTHER_SECONDS = 1.0


def run(settings: Settings, *, days: int | None, dry_run: bool, yes: bool) -> int:
    """Say what there is to remove, ask, and remove it. The exit status: 0, or 130 if it was interrupted.

    Raises CommandError if nobody has said for how long messages are kept, or can be asked; also if the database fails.
    """
    kept_days = days if days is not None else settings.retention_days
    if kept_days is None:
        raise CommandError(f"--days: must be given, for {PREFIX}RETENTION_DAYS is not set")
    configure_command_log(settings, "prune")
    assert settings.database_url
    check_database(settings.database_url)
    pruning = Pruning(settings, kept_days)
    try:
        asyncio.run(pruning.run(dry_run=dry_run, yes=yes))
    except (KeyboardInterrupt, typer.Abort):
        _say(f"Interrupted. {pruning.so_far()} {_THE_REST}")
        return INTERRUPTED
    except orm.DATABASE_ERRORS as e:
        raise CommandError(f"it stopped: {first_line(e)}. {pruning.so_far()} {_THE_REST}") from e
    return DONE


class Pruning:
    """One run of the command."""

    def __init__(self, settings: Settings, days: int) -> None:
        self._settings = settings
        self._days = days
        self._remover: Remover | None = None

    async def run(self, *, dry_run: bool, yes: bool) -> None:
        async with connected(self._settings):
            ended_before = await database_time() - timedelta(days=self._days)
            waiting = await what_waits(ended_before)
            _say_what(waiting, self._days)
            if dry_run or not waiting.mailings:
                return
            if not (yes or _agreed()):
                _say(self.so_far())
                return
            began = time.monotonic()
            await self._remove(ended_before, waiting)
            _say(f"{self.so_far()} It took {time.monotonic() - began:,.1f} s.")

    def so_far(self) -> str:
        """What has been removed until now."""
        if self._remover is None:
            return "Nothing was removed."
        attempts = f"{self._remover.attempts:,} tries to send them"
        return f"Removed: {in_messages(self._remover.messages)} and {attempts}."

    async def _remove(self, ended_before: datetime, waiting: Waiting) -> None:
        self._remover = remover = Remover(ended_before, self._days)
        with MessageProgress("Removing …", waiting.messages) as progress:
            shown = 0
            while (step := await remover.step()) is not Step.NOTHING_LEFT:
                progress.advance(remover.messages - shown)
                shown = remover.messages
                is_sending = bool(await count_mailings_due())
                await asyncio.sleep(
                    _WAIT_FOR_THE_OTHER_SECONDS
                    if step is Step.ELSEWHERE
                    else rest_after(remover.seconds, is_sending=is_sending)
                )


def _say_what(waiting: Waiting, days: int) -> None:
    if waiting.first_ended_at is None or waiting.last_ended_at is None:
        _say(f"Nothing to remove: no mailing that ended more than {in_days(days)} ago has messages.")
        return
    mailings = f"{waiting.mailings:,} mailing{'' if waiting.mailings == 1 else 's'}"
    first, last = f"{waiting.first_ended_at:%Y-%m-%d}", f"{waiting.last_ended_at:%Y-%m-%d}"
    ended = f"that ended on {first}" if first == last else f"that ended from {first} to {last}"
    _say(f"To remove: {in_messages(waiting.messages)}, and the tries to send them, of {mailings} {ended}.")
    _say("The mailings stay, with their statistics, histories and timelines.")


def _agreed() -> bool:
    """What somebody says to it. Raises CommandError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise CommandError("nobody can be asked here: give --yes to remove, or --dry-run to look")
    return typer.confirm("It cannot be undone. Remove them?")


def _say(line: str) -> None:
    console.print(line, soft_wrap=True)
