"""How a change says "leave this as it is", where None already means "remove it"."""

from enum import Enum
from typing import Final


class Unchanged(Enum):
    """The type of `UNCHANGED`: an enum of one member, which type checkers can narrow by `is`."""

    UNCHANGED = "UNCHANGED"


UNCHANGED: Final = Unchanged.UNCHANGED
"""In place of a new value: keep the old one."""
