"""Doing the same for many, so that one that fails does not stand in the way of those behind it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")


async def one_by_one(ids: Iterable[int], action: Callable[[int], Awaitable[T]]) -> list[T]:
    """What `action` gave for each id, without those for which it failed: these are logged."""
    results: list[T] = []
    for id_ in ids:
        try:
            results.append(await action(id_))
        except Exception as e:
            log.error("sweep.failed_for_one", action=repr(action), id=id_, error=repr(e))
    return results
