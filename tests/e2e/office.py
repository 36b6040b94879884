"""Someone who adds clients and sends them mailings, through the API alone."""

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.documents import CLIENT, MAILING, MUTATIONS, PROGRESS, STATISTICS
from tests.gql_api.api import Api
from tests.waiting import until

Json = dict[str, Any]

MOSCOW = "Europe/Moscow"
_PHONES = itertools.count(79_160_000_000)
_AT_ONCE = asyncio.Semaphore(8)


def moment(seconds_from_now: float) -> str:
    """A moment as the API takes and gives it."""
    return (datetime.now(UTC) + timedelta(seconds=seconds_from_now)).isoformat().replace("+00:00", "Z")


def next_phone() -> str:
    """A phone that nobody has."""
    return str(next(_PHONES))


@dataclass(frozen=True, slots=True)
class Office:
    """`name` is the tag of its clients, the audience of its mailings, and their text unless another is given."""

    api: Api
    name: str

    async def mutate(self, mutation: str, **input: object) -> Json:
        """What the mutation answers, whether a change or a fact."""
        answer: Json = (await self.api.ask(MUTATIONS[mutation], input=input))[mutation]
        return answer

    async def change(self, mutation: str, **input: object) -> Json:
        """What the mutation changed; it must have changed something."""
        answer = await self.mutate(mutation, **input)
        assert answer.pop("__typename") in ("Client", "Mailing", "Deleted"), answer
        return answer

    async def add_client(self, **more: object) -> Json:
        async with _AT_ONCE:
            values = {"phone": next_phone(), "tag": self.name, "timezone": MOSCOW} | more
            return await self.change("createClient", **values)

    async def add_clients(self, count: int, **more: object) -> list[Json]:
        """Each with a phone of its own, in no particular order."""
        return await asyncio.gather(*(self.add_client(**more) for _ in range(count)))

    async def create(self, *, starts_in: float = -1, ends_in: float = 60, **more: object) -> str:
        """A mailing to its own clients, by default one that starts at once; its id."""
        values = {
            "text": self.name,
            "startsAt": moment(starts_in),
            "endsAt": moment(ends_in),
            "filter": {"tags": [self.name]},
        }
        mailing = await self.change("createMailing", **(values | more))
        return str(mailing["id"])

    async def client(self, id: str) -> Json | None:
        found: Json | None = (await self.api.ask(f"query ($id: ID!) {{ client(id: $id) {{ {CLIENT} }} }}", id=id))[
            "client"
        ]
        return found

    async def mailing(self, id: str, fields: str = MAILING) -> Json:
        """The fields of a mailing that is there."""
        found: Json = (await self.api.ask(f"query ($id: ID!) {{ mailing(id: $id) {{ {fields} }} }}", id=id))["mailing"]
        return found

    async def counts(self, id: str) -> Counter[str]:
        """Its messages by status, without zeros; they sum to the total."""
        return counts_of((await self.mailing(id, f"progress {{ {PROGRESS} }}"))["progress"])

    async def statistics(self, id: str) -> Json:
        found: Json = (await self.mailing(id, f"statistics {{ {STATISTICS} }}"))["statistics"]
        return found

    async def messages(self, id: str, fields: str = "id status client { phone }") -> list[Json]:
        """All its messages, read page by page."""
        query = f"""query ($id: ID!, $after: String) {{ mailing(id: $id) {{ messages(first: 100, after: $after) {{
            nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
        found: list[Json] = []
        after: str | None = None
        while True:
            page = (await self.api.ask(query, id=id, after=after))["mailing"]["messages"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    async def until_status(self, id: str, status: str, *, seconds: float = 60) -> None:
        async def has_it() -> bool:
            return bool((await self.mailing(id, "status"))["status"] == status)

        await until(has_it, seconds=seconds)

    async def until_counts(self, id: str, *, seconds: float = 60, **counts: int) -> None:
        """Until at least so many messages have each of these statuses."""

        async def has_them() -> bool:
            now = await self.counts(id)
            return all(now[status] >= least for status, least in counts.items())

        await until(has_them, seconds=seconds)

    async def result(self, id: str, *, seconds: float = 60) -> Counter[str]:
        """Wait until the mailing is finished; its messages by status."""
        await self.until_status(id, "FINISHED", seconds=seconds)
        return await self.counts(id)


def counts_of(progress: Json) -> Counter[str]:
    """By status, without zeros. Checks that they sum to the total."""
    counts = Counter(
        {
            status.upper(): progress[status]
            for status in ("pending", "sending", "sent", "failed", "expired", "unconfirmed", "cancelled")
            if progress[status]
        }
    )
    assert counts.total() == progress["total"], progress
    return counts


def by_status(counts: list[Json]) -> dict[str, int]:
    """A list of StatusCount or MailingStatusCount, without zeros."""
    return {each["status"]: each["count"] for each in counts if each["count"]}
