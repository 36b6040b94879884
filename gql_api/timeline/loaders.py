"""Reads timelines of many owners at once."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from strawberry.dataloader import DataLoader

from gql_api.batching import batched, grouped
from mailing.paging import Page, Slice
from mailing.timeline.client_queries import counts_of_clients, pages_of_clients
from mailing.timeline.entries import Place, TimelineEntry
from mailing.timeline.mailing_queries import counts_of_mailings, pages_of_mailings
from mailing.timeline.messages import timelines_of_messages

Pages = Callable[[list[int], Slice[Place]], Awaitable[dict[int, Page[TimelineEntry]]]]


class TimelinePart(NamedTuple):
    """One part of the timeline of one owner."""

    owner_id: int
    part: Slice[Place]


class TimelineLoaders:
    """A message's comes as a whole, for it is put together from all that it consists of."""

    def __init__(self) -> None:
        self.mailing: DataLoader[TimelinePart, Page[TimelineEntry] | None] = batched(_parts(pages_of_mailings))
        self.mailing_count: DataLoader[int, int | None] = batched(counts_of_mailings)
        self.client: DataLoader[TimelinePart, Page[TimelineEntry] | None] = batched(_parts(pages_of_clients))
        self.client_count: DataLoader[int, int | None] = batched(counts_of_clients)
        self.message: DataLoader[int, list[TimelineEntry] | None] = batched(timelines_of_messages)


def _parts(pages: Pages) -> Callable[[list[TimelinePart]], Awaitable[dict[TimelinePart, Page[TimelineEntry]]]]:
    async def read(keys: list[TimelinePart]) -> dict[TimelinePart, Page[TimelineEntry]]:
        found: dict[TimelinePart, Page[TimelineEntry]] = {}
        for part, ids in grouped((key.part, key.owner_id) for key in keys):
            found |= {TimelinePart(id, part): page for id, page in (await pages(ids, part)).items()}
        return found

    return read
