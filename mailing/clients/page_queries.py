"""Lists of clients: those whom a filter chooses, and of these those whom a person looks for.

Each way to find one, by the beginning of the phone, by its end, by a tag, is a range of an index of its own: a page is
read from each of them, and then they are merged. Numbers stand in the text, not in parameters: whether many or few
phones begin so decides how they are best read, and the planner must see it.
"""

from collections.abc import Sequence

from mailing.clients.audience_queries import count_matching, tags_like
from mailing.clients.filter import ClientFilter
from mailing.clients.search import LEAST_LAST_DIGITS, ClientSearch
from mailing.db.orm import fetch, fetch_value
from mailing.models import Client
from mailing.paging import Page, Slice

MOST_TAGS = 1_000
"""Of those that a search finds: a page of each is read by the index. Where more match, so many clients match that
whoever goes through them in the order of their ids soon has a page."""


async def page_of_clients(matching: ClientFilter, part: Slice, search: ClientSearch | None = None) -> Page[Client]:
    """One part of the clients that match, in the order of their ids."""
    parameters: list[object] = []
    conditions = [*matching.conditions(parameters), *_between(part)]
    page = f"ORDER BY id {'DESC' if part.from_end else 'ASC'} LIMIT {part.limit + 1}"
    if search is None:
        rows = await fetch(f"SELECT * FROM client {_where(conditions)} {page}", *parameters)
    else:
        tags = await _found_tags(matching, search)
        ways = [f"(SELECT id FROM client {_where([*conditions, way])} {page})" for way in _by_phone(search)]
        ways += _pages_by_tag(tags, search, conditions, page, parameters)
        found = f"SELECT DISTINCT id FROM ({' UNION ALL '.join(ways)}) AS found {page}"
        rows = await fetch(f"SELECT * FROM client WHERE id IN ({found}) {page}", *parameters) if ways else []
    return Page.cut([Client.construct(**row) for row in rows], part)


async def count_clients(matching: ClientFilter, search: ClientSearch | None = None) -> int:
    """How many match, exactly. From the counters, unless phones are looked for: those are counted one by one."""
    if search is None or not (by_phone := _by_phone(search)):
        return await count_matching(matching, search.tag_pattern if search else None)
    parameters: list[object] = []
    conditions = matching.conditions(parameters)
    by_tag = _by_tag(await _found_tags(matching, search), search, parameters)
    conditions.append(f"({' OR '.join([*by_phone, *by_tag])})")
    count: int = await fetch_value(f"SELECT count(*) FROM client {_where(conditions)}", *parameters)
    return count


def _between(part: Slice) -> list[str]:
    after = [] if part.after is None else [f"id > {part.after:d}"]
    before = [] if part.before is None else [f"id < {part.before:d}"]
    return after + before


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _by_phone(search: ClientSearch) -> list[str]:
    conditions = [f"phone >= {phones.start:d} AND phone < {phones.stop:d}" for phones in search.phone_ranges]
    if digits := search.last_digits:
        # The first of the two is what the index knows.
        conditions.append(
            f"phone % {10**LEAST_LAST_DIGITS} = {int(digits[-LEAST_LAST_DIGITS:]):d}"
            f" AND phone % {10 ** len(digits)} = {int(digits):d}"
        )
    return conditions


async def _found_tags(matching: ClientFilter, search: ClientSearch) -> list[str]:
    """One more than MOST_TAGS tells that there are more."""
    return await tags_like(search.tag_pattern, matching, MOST_TAGS + 1)


def _by_tag(tags: list[str], search: ClientSearch, parameters: list[object]) -> list[str]:
    if not tags:
        return []
    parameters.append(tags if len(tags) <= MOST_TAGS else search.tag_pattern)
    return [f"tag = ANY(${len(parameters)}::text[])" if len(tags) <= MOST_TAGS else f"tag ~ ${len(parameters)}"]


def _pages_by_tag(
    tags: list[str], search: ClientSearch, conditions: list[str], page: str, parameters: list[object]
) -> list[str]:
    if not 0 < len(tags) <= MOST_TAGS:
        ways = _by_tag(tags, search, parameters)
        return [f"(SELECT id FROM client {_where([*conditions, way])} {page})" for way in ways]
    parameters.append(tags)
    one = f"SELECT id FROM client {_where([*conditions, 'client.tag = wanted.tag'])} {page}"
    return [
        f"(SELECT one.id FROM unnest(${len(parameters)}::text[]) AS wanted (tag) CROSS JOIN LATERAL ({one}) AS one)"
    ]
