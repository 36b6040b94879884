"""Timelines as connections, the oldest entry first."""

from collections.abc import Awaitable, Callable, Mapping

from strawberry.dataloader import DataLoader

from gql_api.context import Info
from gql_api.pagination import Connection, connection, part_by
from gql_api.timeline.loaders import TimelinePart
from gql_api.timeline.types import TimelineEntry
from mailing.ids import Noun, written
from mailing.paging import Page, Slice
from mailing.timeline import entries
from mailing.timeline.entries import Place
from mailing.timeline.messages import cut

Pages = DataLoader[TimelinePart, Page[entries.TimelineEntry] | None]
Found = tuple[Page[entries.TimelineEntry] | None, Callable[[], Awaitable[int]]]
"""A page, and what counts the whole timeline when it is asked for."""


async def timeline_of(
    info: Info,
    noun: Noun,
    number: int,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> Connection[TimelineEntry]:
    """One part of the timeline of what an id names; empty for what has left no trace.

    Raises BadUserInputError.
    """
    list_name = f"{written(noun, number)}.timeline"
    part = part_by(Place.read, list_name, first, after, last, before)
    page, count = await _READ[noun](info, number, part)
    page = page or Page([], False, False)
    return connection(page, list_name, key=lambda entry: entry.place, node=TimelineEntry.of, count=count)


async def _of_mailing(info: Info, number: int, part: Slice[Place]) -> Found:
    loaders = info.context.loaders.timelines
    return await _loaded(loaders.mailing, loaders.mailing_count, number, part)


async def _of_client(info: Info, number: int, part: Slice[Place]) -> Found:
    loaders = info.context.loaders.timelines
    return await _loaded(loaders.client, loaders.client_count, number, part)


async def _loaded(pages: Pages, counts: DataLoader[int, int | None], number: int, part: Slice[Place]) -> Found:
    async def count() -> int:
        return await counts.load(number) or 0

    return await pages.load(TimelinePart(number, part)), count


async def _of_message(info: Info, number: int, part: Slice[Place]) -> Found:
    timeline = await info.context.loaders.timelines.message.load(number) or []

    async def count() -> int:
        return len(timeline)

    return cut(timeline, part), count


_READ: Mapping[Noun, Callable[[Info, int, Slice[Place]], Awaitable[Found]]] = {
    "mailing": _of_mailing,
    "client": _of_client,
    "message": _of_message,
}
