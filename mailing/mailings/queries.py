"""Reads of mailings. One that is deleted is gone from every answer, though its rows may still be there."""

from collections.abc import Collection
from datetime import datetime

from tortoise.queryset import QuerySet

from mailing.db.orm import fetch_value
from mailing.models import Mailing, MailingStatus
from mailing.paging import Page, Slice


async def mailings_by_id(ids: Collection[int]) -> dict[int, Mailing]:
    """Those that exist, by their id."""
    return {mailing.id: mailing for mailing in await Mailing.filter(id__in=ids, deleted_at=None)}


async def page_of_mailings(statuses: Collection[MailingStatus], part: Slice) -> Page[Mailing]:
    """One part of the mailings in any of the statuses (none: all of them), in the order of their ids."""
    query = _in_status(statuses)
    if part.after is not None:
        query = query.filter(id__gt=part.after)
    if part.before is not None:
        query = query.filter(id__lt=part.before)
    return Page.cut(await query.order_by("-id" if part.from_end else "id").limit(part.limit + 1), part)


async def count_mailings(statuses: Collection[MailingStatus]) -> int:
    """How many there are in any of the statuses (none: all of them)."""
    return await _in_status(statuses).count()


async def database_time() -> datetime:
    """The clock that decides: every process asks the same one."""
    now: datetime = await fetch_value("SELECT clock_timestamp()")
    return now


def _in_status(statuses: Collection[MailingStatus]) -> QuerySet[Mailing]:
    query = Mailing.filter(deleted_at=None)
    return query.filter(status__in=statuses) if statuses else query
