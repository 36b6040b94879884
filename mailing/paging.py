"""Keyset pages: a slice of an ordered list, named by the keys at its edges rather than by an offset.

Rows that come or go elsewhere never shift a page, and page 10,000 costs what page 1 costs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from typing_extensions import TypeVar

T = TypeVar("T")
Key = TypeVar("Key", default=int)


@dataclass(frozen=True, slots=True)
class Slice(Generic[Key]):
    """Which part of a list, ordered by an ascending key: strictly after `after`, strictly before `before`.

    The key is an id, except where said otherwise.
    """

    limit: int
    """At most this many rows; checked at the edge."""
    after: Key | None = None
    before: Key | None = None
    from_end: bool = False
    """Take the last `limit` rows instead of the first; they still come in ascending order."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in ascending order of their key, and whether there are more on either side."""

    items: Sequence[T]
    has_next: bool
    has_previous: bool

    @classmethod
    def cut(cls, rows: Sequence[T], part: Slice[Key]) -> "Page[T]":
        """Make a page of up to `part.limit + 1` rows that were read in the direction of reading.

        The row too many only tells that there is more. On the side where reading began, there is more exactly if
        a key was given there, which is what the Relay specification allows where it costs nothing to know better.
        """
        more = len(rows) > part.limit
        items = list(rows[: part.limit])
        if part.from_end:
            items.reverse()
            return cls(items, has_next=part.before is not None, has_previous=more)
        return cls(items, has_next=more, has_previous=part.after is not None)


def pages_of(ids: Iterable[int], rows: Iterable[tuple[int, T]], part: Slice[Key]) -> dict[int, Page[T]]:
    """The same part of each one's list: `rows` as `Page.cut` takes them, each with whose it is. Every id has a page."""
    read: dict[int, list[T]] = {id: [] for id in ids}
    for owner, row in rows:
        read[owner].append(row)
    return {id: Page.cut(of_one, part) for id, of_one in read.items()}
