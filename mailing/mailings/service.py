"""Creating, changing and steering mailings. Every function is one unit of work and leaves either all or nothing.

Changes to a started mailing are made under its structure lock and its row lock, so they fall between two writes of
any pump: each pump sees them with its next write, at the latest after a quarter of a second.
"""

from datetime import timedelta

import structlog

from mailing.changes import UNCHANGED, Unchanged
from mailing.db.locks import lock_mailing_structure
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.ending import close
from mailing.delivery.lifecycle import MailingEvent, mailing_after
from mailing.errors import (
    InvalidInputError,
    MailingAlreadyEndedError,
    MailingAlreadyStartedError,
    MailingNotPausedError,
    MailingNotRunningError,
    MailingStateError,
    NotFoundError,
)
from mailing.jobs import Job, enqueue
from mailing.mailings import change_queries as queries
from mailing.mailings.queries import database_time
from mailing.mailings.validation import MailingChanges, NewMailing, check_changes
from mailing.models.mailing import Mailing, MailingStatus
from mailing.models.message import MessageStatus
from mailing.progress.announce import announce_after_commit
from mailing.steering import changed

log = structlog.get_logger(__name__)

_NEAR = timedelta(minutes=1)
"""Starts within this time get a wake-up of their own; for later ones the sweep comes in time."""

_CHANGEABLE = (
    "text", "starts_at", "ends_at", "operator_codes", "tags", "window_opens_at", "window_closes_at", "max_rate",
)  # fmt: skip


async def create_mailing(new: NewMailing) -> Mailing:
    """Add a mailing. It starts by itself when its time comes: at once if that has passed already."""
    async with unit_of_work() as unit:
        mailing = await queries.insert(new)
        await _wake_for_start(mailing)
        await announce_after_commit(mailing.id)
    log.info(
        "mailing.created",
        timestamp=unit.done_at,
        mailing_id=mailing.id,
        text=mailing.text,
        starts_at=mailing.starts_at,
        ends_at=mailing.ends_at,
        operator_codes=mailing.operator_codes or None,
        tags=mailing.tags or None,
        max_rate=mailing.max_rate,
    )
    return mailing


async def update_mailing(mailing_id: int, changes: MailingChanges) -> Mailing:
    """Change what is given. Before the start: everything. After it: all but startsAt, for messages not yet sent.

    A changed filter cancels messages of clients that it leaves out and adds those that it takes in, in the
    background; nothing is sent between. Raises NotFoundError, InvalidInputError, MailingAlreadyStartedError,
    MailingAlreadyEndedError.
    """
    async with unit_of_work() as unit:
        mailing = await _lock(mailing_id)
        if mailing.closed_as is not None or mailing.status in (MailingStatus.FINISHED, MailingStatus.CANCELLED):
            raise MailingAlreadyEndedError(mailing_id)
        started = mailing.status is not MailingStatus.SCHEDULED
        if started and changes.starts_at not in (UNCHANGED, mailing.starts_at):
            raise MailingAlreadyStartedError(mailing_id)
        if problems := check_changes(mailing, changes, await database_time()):
            raise InvalidInputError(problems)
        chosen = _chosen(mailing)
        applied = _apply(mailing, changes)
        if started and _chosen(mailing) != chosen:
            _select_again(mailing)
            await enqueue(Job("mailing.start", mailing_id))
        await queries.save(mailing, text_changed="text" in applied)
        if not started:
            await _wake_for_start(mailing)
        await changed(mailing_id)
    log.info(
        "mailing.updated",
        timestamp=unit.done_at,
        mailing_id=mailing_id,
        changed=applied,
        **{name: getattr(mailing, name) for name in applied if not name.startswith("window")},
    )
    return mailing


async def delete_mailing(mailing_id: int) -> None:
    """Stop the mailing and hide it at once; its messages go in the background. Raises NotFoundError."""
    async with unit_of_work() as unit:
        mailing = await _lock(mailing_id)
        await close(mailing_id, MessageStatus.CANCELLED)
        await queries.mark_deleted(mailing.id)
        await enqueue(Job("mailing.remove", mailing_id))
        await changed(mailing_id)
    log.info("mailing.deleted", timestamp=unit.done_at, mailing_id=mailing_id)


async def pause_mailing(mailing_id: int) -> Mailing:
    """Send nothing more until it is resumed; its end does not move. Raises NotFoundError, MailingNotRunningError."""
    async with unit_of_work() as unit:
        mailing = await _lock_row(mailing_id)
        await _steer(mailing, MailingEvent.PAUSE, MailingNotRunningError(mailing_id))
    log.info("mailing.paused", timestamp=unit.done_at, mailing_id=mailing_id)
    return mailing


async def resume_mailing(mailing_id: int) -> Mailing:
    """Go on after a pause. Raises NotFoundError, MailingNotPausedError."""
    async with unit_of_work() as unit:
        mailing = await _lock_row(mailing_id)
        await _steer(mailing, MailingEvent.RESUME, MailingNotPausedError(mailing_id))
        await enqueue(Job("mailing.pump", mailing_id))
    log.info("mailing.resumed", timestamp=unit.done_at, mailing_id=mailing_id)
    return mailing


async def cancel_mailing(mailing_id: int) -> Mailing:
    """End it for good. What is in flight may still be accepted. Raises NotFoundError, MailingAlreadyEndedError."""
    async with unit_of_work() as unit:
        mailing = await _lock(mailing_id)
        if mailing.closed_as is not None:
            raise MailingAlreadyEndedError(mailing_id)
        await _steer(mailing, MailingEvent.CANCEL, MailingAlreadyEndedError(mailing_id))
        await close(mailing_id, MessageStatus.CANCELLED)
        await mailing.refresh_from_db()
    log.info("mailing.cancelled", timestamp=unit.done_at, mailing_id=mailing_id)
    return mailing


async def _lock(mailing_id: int) -> Mailing:
    """Alone with the mailing and its audience; waits for the step of a selection that runs."""
    await lock_mailing_structure(mailing_id)
    return await _lock_row(mailing_id)


async def _lock_row(mailing_id: int) -> Mailing:
    """Alone with what pumps read: enough for what leaves the audience as it is."""
    mailing = await queries.lock_row(mailing_id)
    if mailing is None:
        raise NotFoundError("mailing", mailing_id)
    return mailing


async def _steer(mailing: Mailing, event: MailingEvent, otherwise: MailingStateError) -> None:
    status = mailing_after(mailing.status, event)
    if status is None:
        raise otherwise
    mailing.status = status
    await queries.save(mailing)
    await changed(mailing.id)


def _chosen(mailing: Mailing) -> tuple[set[str], set[str]]:
    """Whom the filter is for, however it is written."""
    return set(mailing.operator_codes), set(mailing.tags)


def _apply(mailing: Mailing, changes: MailingChanges) -> list[str]:
    """Set what is given on the row; names the columns that hold another value now."""
    before = {column: getattr(mailing, column) for column in _CHANGEABLE}
    if not isinstance(changes.text, Unchanged):
        mailing.text = changes.text
    if not isinstance(changes.starts_at, Unchanged):
        mailing.starts_at = changes.starts_at
    if not isinstance(changes.ends_at, Unchanged):
        mailing.ends_at = changes.ends_at
    if not isinstance(changes.operator_codes, Unchanged):
        mailing.operator_codes = list(changes.operator_codes)
    if not isinstance(changes.tags, Unchanged):
        mailing.tags = list(changes.tags)
    if not isinstance(changes.window, Unchanged):
        mailing.window_opens_at = changes.window.opens_at if changes.window else None
        mailing.window_closes_at = changes.window.closes_at if changes.window else None
    if not isinstance(changes.max_rate, Unchanged):
        mailing.max_rate = changes.max_rate
    return [column for column, value in before.items() if getattr(mailing, column) != value]


def _select_again(mailing: Mailing) -> None:
    """Have the existing messages checked against the changed filter, and then the clients gone through again."""
    mailing.recheck_cursor = 0
    mailing.selection_cursor = 0
    mailing.selected_at = None


async def _wake_for_start(mailing: Mailing) -> None:
    wait = max(mailing.starts_at - await database_time(), timedelta())
    if wait <= _NEAR:
        await enqueue(Job("mailing.start", mailing.id, delay=wait))
