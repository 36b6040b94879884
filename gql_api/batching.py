"""Reads that many resolvers want at the same moment, made one."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

from strawberry.dataloader import DataLoader

Key = TypeVar("Key")
Row = TypeVar("Row")
Choice = TypeVar("Choice")


def batched(read: Callable[[list[Key]], Awaitable[Mapping[Key, Row]]]) -> DataLoader[Key, Row | None]:
    """A loader that remembers nothing; None for a key that `read` has nothing for."""

    async def load(keys: list[Key]) -> list[Row | None]:
        rows = await read(list(dict.fromkeys(keys)))
        return [rows.get(key) for key in keys]

    return DataLoader(load, cache=False)


def grouped(pairs: Iterable[tuple[Choice, int]]) -> Iterable[tuple[Choice, list[int]]]:
    """The ids by what is asked of them."""
    groups: defaultdict[Choice, list[int]] = defaultdict(list)
    for choice, id in pairs:
        groups[choice].append(id)
    return groups.items()
