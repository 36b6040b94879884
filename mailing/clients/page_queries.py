"""Lists of clients: those whom a filter chooses, and of these those whom a person looks for.

Each way to find one, by the beginning of the phone, by its end, by a code or a tag, is a range of an index of its own:
a page is read from each of them, and then they are merged. So it makes no difference where in the list those are who
are found, nor how many they are. Only where two lists must both match, or a phone and a list, one index cannot do:
there the planner decides, by what it knows of the values.
"""

from collections.abc import Collection, Iterator, Sequence

from mailing.clients.audience_queries import count_matching, tags_like
from mailing.clients.filter import ClientFilter, where
from mailing.clients.search import LEAST_LAST_DIGITS, ClientSearch
from mailing.db.orm import fetch, fetch_by_own_plan, fetch_value
from mailing.models import Client
from mailing.paging import Page, Slice

MOST_TAGS = 1_000
"""Of those that a search finds: a page of each is read by the index. Where more match, so many clients match that
whoever goes through them in the order of their ids soon has a page."""

FEW_PHONES = 20_000
"""That are read and put in order, in tens of milliseconds."""


async def page_of_clients(matching: ClientFilter, part: Slice, search: ClientSearch | None = None) -> Page[Client]:
    """One part of the clients that match, in the order of their ids."""
    ids = _Ids(part)
    if search is None:
        ways = [ids.of_filter(matching)]
    else:
        ways = [
            ids.of(matching, _in_range(phones)) if await _are_many(phones) else ids.all_of(matching, _in_range(phones))
            for phones in search.phone_ranges
        ]
        ways += [ids.all_of(matching, condition) for condition in _by_last_digits(search)]
        tags = await _tags_found(matching, search)
        if len(tags) > MOST_TAGS:
            ways.append(ids.of(matching, f"tag ~ {ids.parameter(search.tag_pattern)}"))
        elif tags:
            ways.append(ids.of_filter(ClientFilter(matching.operator_codes, tuple(tags))))
    return Page.cut(await ids.clients(ways) if ways else [], part)


async def count_clients(matching: ClientFilter, search: ClientSearch | None = None) -> int:
    """How many match, exactly. From the counters, unless phones are looked for: those are counted one by one."""
    if search is None or not search.phone_ranges:
        return await count_matching(matching, search.tag_pattern if search else None)
    parameters: list[object] = []
    conditions = matching.conditions(parameters)
    ways = [*(_in_range(phones) for phones in search.phone_ranges), *_by_last_digits(search)]
    if tags := await _tags_found(matching, search):
        parameters.append(search.tag_pattern if len(tags) > MOST_TAGS else tags)
        ways.append(f"tag ~ ${len(parameters)}" if len(tags) > MOST_TAGS else f"tag = ANY(${len(parameters)}::text[])")
    conditions.append(f"({' OR '.join(ways)})")
    (row,) = await fetch_by_own_plan(f"SELECT count(*) FROM client {where(conditions)}", *parameters)
    count: int = row["count"]
    return count


class _Ids:
    """Writes statements that each read one page of ids, with the parameters of all of them."""

    def __init__(self, part: Slice) -> None:
        self._parameters: list[object] = []
        self._is_for_the_planner = False
        self._page = f"ORDER BY id {'DESC' if part.from_end else 'ASC'} LIMIT {part.limit + 1:d}"
        self._between = [
            *([] if part.after is None else [f"id > {part.after:d}"]),
            *([] if part.before is None else [f"id < {part.before:d}"]),
        ]

    def parameter(self, value: object) -> str:
        """A value, as a statement names it."""
        self._parameters.append(value)
        return f"${len(self._parameters)}"

    def of_filter(self, matching: ClientFilter) -> str:
        """Of those whom the filter chooses."""
        if matching.operator_codes and not matching.tags:
            return self._merged("operator_code", matching.operator_codes)
        if matching.tags and not matching.operator_codes:
            return self._merged("tag", matching.tags)
        return self.of(matching)

    def of(self, matching: ClientFilter, *conditions: str) -> str:
        """Of those whom the filter chooses and for whom all conditions hold."""
        chosen = [*matching.conditions(self._parameters), *conditions]
        self._is_for_the_planner |= len(chosen) > 1
        return self._statement([*self._between, *chosen])

    def all_of(self, matching: ClientFilter, *conditions: str) -> str:
        """`of` few, wherever in the list they are: all are read by the index of a condition, and then put in order."""
        self._is_for_the_planner = True
        chosen = where([*self._between, *matching.conditions(self._parameters), *conditions])
        return f"(SELECT id FROM (SELECT id FROM client {chosen} OFFSET 0) AS found {self._page})"

    async def clients(self, ways: Collection[str]) -> list[Client]:
        """The first of all whom the statements name."""
        found = f"SELECT DISTINCT id FROM ({' UNION ALL '.join(ways)}) AS found {self._page}"
        read = fetch_by_own_plan if self._is_for_the_planner else fetch
        rows = await read(f"SELECT * FROM client WHERE id IN ({found}) {self._page}", *self._parameters)
        return [Client.construct(**row) for row in rows]

    def _merged(self, column: str, values: Sequence[str]) -> str:
        """Of those who have one of the values: a page of each value, already in order in the index."""
        wanted = f"unnest({self.parameter([*values])}::text[]) AS wanted (value)"
        one = self._statement([*self._between, f"client.{column} = wanted.value"])
        return f"(SELECT one.id FROM {wanted} CROSS JOIN LATERAL {one} AS one)"

    def _statement(self, conditions: Sequence[str]) -> str:
        return f"(SELECT id FROM client {where(conditions)} {self._page})"


async def _tags_found(matching: ClientFilter, search: ClientSearch) -> list[str]:
    """One more than MOST_TAGS says that there are more."""
    return await tags_like(search.tag_pattern, matching.tags, MOST_TAGS + 1)


# Numbers stand in the text: they are nobody's words, and the planner sees them.
def _in_range(phones: range) -> str:
    return f"phone >= {phones.start:d} AND phone < {phones.stop:d}"


def _by_last_digits(search: ClientSearch) -> Iterator[str]:
    if digits := search.last_digits:
        # The first of the two is what the index knows.
        least = 10**LEAST_LAST_DIGITS
        yield f"phone % {least} = {int(digits) % least:d} AND phone % {10 ** len(digits)} = {int(digits):d}"


async def _are_many(phones: range) -> bool:
    """Whether more than FEW_PHONES clients have one of them.

    The planner would take them for spread over the list. But who imports a file in the order of its phones has all that
    begin with 7999 at the end, and going there in the order of ids would mean reading everybody.
    """
    if len(phones) <= FEW_PHONES:
        return False
    found = f"SELECT FROM client WHERE {_in_range(phones)} LIMIT {FEW_PHONES + 1}"
    return bool(await fetch_value(f"SELECT count(*) > {FEW_PHONES} FROM ({found}) AS found"))
