"""The filter is written twice: once for lists of clients, once for the audience of a mailing."""

from collections.abc import Iterator
from itertools import combinations

from mailing.clients.filter import ClientFilter
from mailing.clients.page_queries import page_of_clients
from mailing.delivery.selection_queries import Selection
from mailing.paging import Slice
from tests.conftest import Sql

CODES = ("916", "926", "9")
TAGS = ("vip", "VIP", "")
UNKNOWN = "555"


def _choices(values: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Nothing, one, several, all, and what nobody has."""
    everything = (*values, UNKNOWN)
    for size in range(len(everything) + 1):
        yield from combinations(everything, size)


async def test_a_list_of_clients_shows_whom_a_mailing_with_the_same_filter_reaches(sql: Sql) -> None:
    # Given a client of each operator code and tag
    phone = 79160000000
    for code in CODES:
        for tag in TAGS:
            await sql(
                "INSERT INTO client (phone, operator_code, tag, timezone) VALUES ($1, $2, $3, 'UTC')", phone, code, tag
            )
            phone += 1

    # When the same filters are asked of both
    listed, selected = {}, {}
    for codes in _choices(CODES):
        for tags in _choices(TAGS):
            page = await page_of_clients(ClientFilter(codes, tags), Slice(100))
            listed[codes, tags] = [client.id for client in page.items]
            selected[codes, tags] = await _selected(sql, codes, tags)

    # Then they agree, and each is met by some and not by others
    assert listed == selected
    assert {len(ids) for ids in listed.values()} == {0, 1, 2, 3, 4, 6, 9}


async def _selected(sql: Sql, codes: tuple[str, ...], tags: tuple[str, ...]) -> list[int]:
    selection = Selection(1, list(codes), list(tags), cursor=0, recheck_cursor=None, closed_as=None)
    rows = await sql(
        f"SELECT c.id FROM client c WHERE {selection.condition(1)} ORDER BY c.id",
        selection.operator_codes,
        selection.tags,
    )
    return [row["id"] for row in rows]
