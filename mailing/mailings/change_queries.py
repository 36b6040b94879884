"""Writing mailings."""

from mailing import origin
from mailing.db.locks import queue_for_mailing_row
from mailing.db.orm import fetch
from mailing.mailings.queries import database_time
from mailing.mailings.validation import NewMailing
from mailing.models.mailing import Mailing, MailingStatus


async def insert(new: NewMailing) -> Mailing:
    """Write a mailing, SCHEDULED."""
    arising = origin.current()
    mailing = await Mailing.create(
        text=new.text,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        operator_codes=list(new.operator_codes),
        tags=list(new.tags),
        window_opens_at=new.window.opens_at if new.window else None,
        window_closes_at=new.window.closes_at if new.window else None,
        max_rate=new.max_rate,
        origin=dict(arising.as_data()) if arising else None,
    )
    await _keep_wording(mailing)
    return mailing


async def lock_row(mailing_id: int) -> Mailing | None:
    """The mailing, locked against every pump's next write until the transaction ends; None if it is not there."""
    await queue_for_mailing_row(mailing_id)
    return await Mailing.select_for_update().get_or_none(id=mailing_id, deleted_at__isnull=True)


async def save(mailing: Mailing, *, text_changed: bool = False) -> None:
    """Write a changed row, under a new revision so that pumps see it."""
    mailing.revision += 1
    mailing.updated_at = await database_time()
    if text_changed:
        mailing.text_version += 1
        await _keep_wording(mailing)
    if mailing.status is MailingStatus.CANCELLED:
        mailing.ended_at = mailing.updated_at
    await mailing.save()


async def mark_deleted(mailing_id: int) -> None:
    """Hide the mailing from every answer."""
    await fetch(
        """
        UPDATE mailing SET deleted_at = now(), updated_at = now(), revision = revision + 1, woken_at = now(),
            status = CASE WHEN status = 'FINISHED' THEN status ELSE 'CANCELLED' END
        WHERE id = $1
        """,
        mailing_id,
    )


async def _keep_wording(mailing: Mailing) -> None:
    await fetch(
        "INSERT INTO mailing_text (mailing_id, version, text) VALUES ($1, $2, $3)",
        mailing.id,
        mailing.text_version,
        mailing.text,
    )
