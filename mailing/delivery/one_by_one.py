"""Doing the same for many, so that one that fails does not stand in the way of those behind it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from mailing.delivery.sweep_failures import tell_failure

T = TypeVar("T")


async def one_by_one(
    step: str, ids: Iterable[int], action: Callable[[int], Awaitable[T]], *, id_name: str = "mailing_id"
) -> list[T]:
    """What `action` gave for each id, without those for which it failed: these are logged under `id_name`."""
    results: list[T] = []
    for id_ in ids:
        try:
            results.append(await action(id_))
        except Exception as e:
            tell_failure(e, step=step, **{id_name: id_})
    return results
