"""What `mailing restored` does, and what it shows."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.failure import CommandError, first_line
from mailing.cli.message_progress import MessageProgress
from mailing.cli.preconditions import check_database
from mailing.cli.screen import console
from mailing.db import orm
from mailing.ids import written
from mailing.restoring.records import NextId, Restored, Secured
from mailing.restoring.service import ServiceStillRunsError, check_that_nothing_runs, look, secure
from mailing.settings import Settings


def run(settings: Settings, *, carry_out: bool, ids_ahead: int) -> None:
    """Show what is to be done, and do it if told to.

    Raises CommandError where processes of the service still run, where the database fails, or if it is interrupted.
    """
    configure_command_log(settings, "restored")
    assert settings.database_url
    check_database(settings.database_url)
    try:
        asyncio.run(_run(settings, carry_out=carry_out, ids_ahead=ids_ahead))
    except KeyboardInterrupt:
        raise CommandError("interrupted; run this again before anything is started") from None
    except ServiceStillRunsError as e:
        raise CommandError(
            f"the service still runs (connections in use: {e.connections}); stop API, workers and schedulers first. "
            "pg_stat_activity says where they are, under the application_name mailing. Nothing was changed."
        ) from e
    except orm.DATABASE_ERRORS as e:
        raise CommandError(f"the database failed: {first_line(e)}; run this again") from e


async def _run(settings: Settings, *, carry_out: bool, ids_ahead: int) -> None:
    async with connected(settings):
        found = await look(ids_ahead)
        _say(_age(found))
        if not carry_out:
            _say([*_plan(found), *_advice(found), "Nothing was changed. `mailing restored --yes` does it."])
            return
        await check_that_nothing_runs()
        # How many clients are still to be chosen nobody knows before.
        messages = None if found.overdue or found.unselected else found.waiting
        with MessageProgress("Marking …", messages) as progress:
            done = await secure(settings.pump_slots, ahead=ids_ahead, doubted=progress.advance)
        _say([*_done(done), *_advice(found), "The service can be started."])


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True, markup=False)


def _age(found: Restored) -> Iterator[str]:
    hours = (datetime.now(UTC) - found.newest_at).total_seconds() / 3600
    yield f"The newest change in this database is of {found.newest_at:%Y-%m-%d %H:%M:%S} UTC, {hours:,.1f} hours ago."
    yield "What was done and sent after the backup is not in it."


def _plan(found: Restored) -> Iterator[str]:
    yield "To be done:"
    yield f"- New ids: from {_beginnings(found.next_ids)} on. None is used that the provider or anybody else has seen."
    yield f"- Mailings to pause: {found.running + found.overdue:,}. Nothing is sent until you resume them, one by one."
    yield (
        f"- Messages to mark as uncertain: {found.waiting:,}. They wait, and may have been sent. What is never sent "
        "again ends UNCONFIRMED, not CANCELLED or EXPIRED."
    )
    if unselected := found.overdue + found.unselected:
        yield (
            f"- Mailings that are to choose the rest of their clients: {unselected:,}. Messages to these are marked, "
            "too, and come on top."
        )
    yield f"- People to sign out: {found.sessions:,}."


def _done(done: Secured) -> Iterator[str]:
    yield "Done:"
    yield f"- New ids: from {_beginnings(done.next_ids)} on."
    yield f"- Mailings paused: {done.paused:,}."
    yield f"- Messages marked as uncertain: {done.uncertain:,}."
    yield f"- People signed out: {done.signed_out:,}."


def _advice(found: Restored) -> Iterator[str]:
    """What only a person can know: what people did since the backup."""
    yield "To look at yourself:"
    yield (
        "- Paused mailings: to resume one sends what waits again, each message under the id that it had. No client is "
        "texted twice where the provider drops ids that it has seen. Cancel what was cancelled since the backup."
    )
    if found.overdue or found.unselected:
        yield (
            f"- Paused mailings that had not chosen all clients: {found.overdue + found.unselected:,}. Whom they have "
            "texted since is not known; if resumed, they text them again under new ids. Cancel them, unless you know "
            "that they had sent nothing."
        )
    if found.later:
        yield (
            f"- Mailings that will start by themselves: {found.later:,}. Have they been changed, cancelled or deleted "
            "since the backup?"
        )
    yield (
        f"- Access tokens that are good: {found.tokens:,} (`mailing token list`). Revoke again what was revoked since "
        "the backup; what was made since is good no more."
    )
    yield "- Clients who were added, changed or deleted since the backup: bring that about again."
    yield (
        "- Mailings that were made since the backup are gone, and what they sent is known to the log alone. To make "
        "one anew texts everybody again."
    )


def _beginnings(next_ids: Sequence[NextId]) -> str:
    by_table = {next_id.table: next_id.next for next_id in next_ids}
    return ", ".join((
        written("message", by_table["message"]),
        written("client", by_table["client"]),
        written("mailing", by_table["mailing"]),
    ))  # fmt: skip
