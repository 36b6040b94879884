"""Reads of mailings. One that is deleted is gone from every answer, though its rows may still be there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from mailing.db.orm import fetch_value
from mailing.models import Mailing, MailingStatus
from mailing.paging import Page, Slice
from mailing.searching import any_case


async def mailings_by_id(ids: Collection[int]) -> dict[int, Mailing]:
    """Those that exist, by their id."""
    return {mailing.id: mailing for mailing in await Mailing.filter(id__in=ids, deleted_at=None)}


@dataclass(frozen=True, slots=True)
class MailingSearch:
    """Mailings of which either is true."""

    text: str
    """They have this in their text, in capital or small letters."""
    id: int | None
    """They have this id; None if nobody can mean one by the text."""


async def page_of_mailings(
    statuses: Collection[MailingStatus], part: Slice, search: MailingSearch | None = None
) -> Page[Mailing]:
    """One part of the mailings in any of the statuses (none: all of them), in the order of their ids."""
    query = _matching(statuses, search)
    if part.after is not None:
        query = query.filter(id__gt=part.after)
    if part.before is not None:
        query = query.filter(id__lt=part.before)
    return Page.cut(await query.order_by("-id" if part.from_end else "id").limit(part.limit + 1), part)


async def count_mailings(statuses: Collection[MailingStatus], search: MailingSearch | None = None) -> int:
    """How many there are in any of the statuses (none: all of them); the database counts them one by one."""
    return await _matching(statuses, search).count()


async def database_time() -> datetime:
    """The clock that decides: every process asks the same one."""
    now: datetime = await fetch_value("SELECT clock_timestamp()")
    return now


def _matching(statuses: Collection[MailingStatus], search: MailingSearch | None) -> QuerySet[Mailing]:
    query = Mailing.filter(deleted_at=None)
    if statuses:
        query = query.filter(status__in=statuses)
    if search is not None:
        # Without an index: a search goes through every text, 2 to 3 µs each.
        query = query.filter(Q(text__posix_regex=any_case(search.text)) | Q(id=search.id or 0))
    return query
