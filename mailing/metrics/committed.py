"""Counting what a transaction does: never what it rolled back."""

from collections.abc import Callable

from mailing.db.unit_of_work import after_commit


async def once_committed(count: Callable[[], None]) -> None:
    """Call `count` when the current unit of work has committed; at once outside of one."""

    async def do() -> None:
        count()

    await after_commit(do)
