"""Connections: pages of a list by keyset, so that rows which come or go elsewhere never shift a page."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

import strawberry

from gql_api.callers import BadUserInputError
from gql_api.inputs import given
from mailing.paging import Page, Slice

MAX_PAGE = 100
DEFAULT_PAGE = 50
RECKONED = "reckoned"
"""In the metadata of a field with a list that is no connection: how many items an operation's cost takes it to hold,
unless an argument `first` asks for fewer. The most that it can hold, or many more than lists of its kind do hold."""

Row = TypeVar("Row")
Key = TypeVar("Key")
Item = TypeVar("Item")

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"Take so many from the start: 1 to {MAX_PAGE}. Without it and `last`: {DEFAULT_PAGE}."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor of the same list.")]
Last = Annotated[
    int | None,
    strawberry.argument(description=f"Take so many from the end: 1 to {MAX_PAGE}. Not together with `first`."),
]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor of the same list.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="Whether more follows. Exact for pages from the start; with `last`, whether `before` was given."
    )
    has_previous_page: bool = strawberry.field(
        description="Whether more precedes. Exact for pages from the end; with `first`, whether `after` was given."
    )
    start_cursor: str | None = strawberry.field(description="Cursor of the first one; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last one, for `after`; null on an empty page.")


@strawberry.type(description="One place in a list.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="Names this place for `after` and `before` of the same list. Opaque.")
    node: Item = strawberry.field(description="What stands there.")


@strawberry.type(description=f"One page of a list: {DEFAULT_PAGE} unless asked otherwise, {MAX_PAGE} at most.")
class Connection(Generic[Item]):
    edges: list[Edge[Item]] = strawberry.field(description="The page, each with its cursor.")
    nodes: list[Item] = strawberry.field(description="The page without cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many the whole list holds, whatever the page. Counted only when asked for.")
    async def total_count(self) -> int:
        return await self.count()


def part_of(list_name: str, first: int | None, after: str | None, last: int | None, before: str | None) -> Slice:
    """The part of a list that the arguments ask for, each absent or null or a value. `list_name` is what the cursors
    of the list carry.

    Raises BadUserInputError, naming the argument and what it may be.
    """
    return part_by(_number, list_name, first, after, last, before)


def part_by(  # noqa: PLR0917  # as `part_of`, which is called with the arguments of a field
    read: Callable[[str], Key | None],
    list_name: str,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> Slice[Key]:
    """`part_of` a list whose rows have places of another kind: `read` takes what `str` makes of one, and says None to
    anything else."""
    first, after, last, before = given(first), given(after), given(last), given(before)
    if first is not None and last is not None:
        raise BadUserInputError("last", "cannot be combined with first; ask for one of them")
    argument, value = ("first", first) if last is None else ("last", last)
    limit = bounded(argument, value, most=MAX_PAGE, default=DEFAULT_PAGE)
    return Slice(
        limit=limit,
        after=None if after is None else _place(read, "after", list_name, after),
        before=None if before is None else _place(read, "before", list_name, before),
        from_end=last is not None,
    )


def connection(
    page: Page[Row],
    list_name: str,
    *,
    key: Callable[[Row], object],
    node: Callable[[Row], Item],
    count: Callable[[], Awaitable[int]],
) -> Connection[Item]:
    """A page as the API shows it: `key` is the row's place in the list, `node` makes the row presentable."""
    nodes = [node(row) for row in page.items]
    edges = [
        Edge(cursor=_cursor(list_name, key(row)), node=shown) for row, shown in zip(page.items, nodes, strict=True)
    ]
    return Connection(
        edges=edges,
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        count=count,
    )


def bounded(argument: str, value: int | None, *, most: int, default: int) -> int:
    """How many an argument asks for; absent and null ask for the default. Raises BadUserInputError."""
    return bounded_between(argument, value, 1, most, default=default)


def bounded_between(argument: str, value: int | None, least: int, most: int, *, default: int) -> int:
    """`bounded` for an argument that has another least value than 1."""
    value = given(value)
    if value is None:
        return default
    if not least <= value <= most:
        raise BadUserInputError(argument, f"must be {least:,} to {most:,}; given: {value}")
    return value


# A cursor names its list, so that one from another list is refused instead of quietly meaning another place.
def _cursor(list_name: str, key: object) -> str:
    return urlsafe_b64encode(f"{list_name}:{key}".encode()).decode().rstrip("=")


_is_cursor = re.compile(r"[A-Za-z0-9_-]{1,200}").fullmatch
_is_place = re.compile(r"[0-9.]+").fullmatch
_is_number = re.compile(r"[0-9]{1,18}").fullmatch


def _place(read: Callable[[str], Key | None], argument: str, list_name: str, cursor: str) -> Key:
    name, _, place = _decoded(cursor).rpartition(":")
    if _is_place(place) and name != list_name:
        raise BadUserInputError(argument, f"is a cursor of another list ({name}), not of {list_name}")
    key = read(place) if name == list_name else None
    if key is None:
        raise BadUserInputError(argument, "must be a cursor that this list has given out")
    return key


def _number(text: str) -> int | None:
    return int(text) if _is_number(text) else None


def _decoded(cursor: str) -> str:
    if not _is_cursor(cursor):
        return ""
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
