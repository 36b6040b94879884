"""How the product gets to see an optional input field: left out, null, or a value."""

from typing import TypeVar

from strawberry import UNSET

from mailing.changes import UNCHANGED, Unchanged

T = TypeVar("T")


def changed(value: T | None) -> T | Unchanged | None:
    """For a change: what is left out stays as it is, and null is for the product to judge."""
    return UNCHANGED if value is UNSET else value


def given(value: T | None) -> T | None:
    """For something new: left out and null are the same."""
    return None if value is UNSET else value
