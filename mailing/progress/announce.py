"""Says that a mailing's counts have changed, to whatever in this process publishes them."""

from collections.abc import Callable

from mailing.db.unit_of_work import after_commit

Announce = Callable[[int], None]

_announce: Announce | None = None


def announce_through(announce: Announce | None) -> None:
    """Make `announce` this process's way to the subscribers; it must neither block nor raise."""
    global _announce  # noqa: PLW0603  # one publisher a process, set by its composition root
    _announce = announce


def announce(mailing_id: int) -> None:
    """The counts or the status of the mailing have just been committed."""
    if _announce is not None:
        _announce(mailing_id)


async def announce_after_commit(mailing_id: int) -> None:
    """`announce` when the current unit of work has committed."""

    async def say_so() -> None:
        announce(mailing_id)

    await after_commit(say_so)
