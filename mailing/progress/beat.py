"""When a mailing's next state may come: ten times a second, and on the beat although one came late. Pure: no clock."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

INTERVAL_SECONDS = 0.1
SHORTEST_SECONDS = 0.08
"""Between two states, the first of which came late."""


class Timer(Protocol):
    """A clock in seconds, and calls at its moments: an event loop is one."""

    def time(self) -> float:
        """Now."""
        ...

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> object:
        """Call it once this moment has come, in no call of this one."""
        ...


class Beat(NamedTuple):
    """When the next state is due, and when it may come at the earliest."""

    due_at: float
    ready_at: float


def beat_after(last: Beat | None, taken_at: float) -> Beat:
    """The beat that follows a state that was taken at that moment; `last`: the one that it was taken on.

    The beat is kept where a state was taken less than an interval late: the next one is due as if it had been in
    time, but not sooner than `SHORTEST_SECONDS` after it.
    """
    if last is None or taken_at >= last.due_at + INTERVAL_SECONDS:
        return Beat(taken_at + INTERVAL_SECONDS, taken_at + INTERVAL_SECONDS)
    due_at = last.due_at + INTERVAL_SECONDS
    return Beat(due_at, max(due_at, taken_at + SHORTEST_SECONDS))
