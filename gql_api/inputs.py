"""How the product gets to see an optional input: left out, null, or a value."""

from typing import TypeVar

from strawberry import UNSET

from gql_api.callers import BadUserInputError
from mailing.changes import UNCHANGED, Unchanged
from mailing.searching import search_problem

T = TypeVar("T")


def changed(value: T | None) -> T | Unchanged | None:
    """For a change: what is left out stays as it is, and null is for the product to judge."""
    return UNCHANGED if value is UNSET else value


def given(value: T | None) -> T | None:
    """For something new: left out and null are the same."""
    return None if value is UNSET else value


def searched(search: str | None) -> str:
    """What to look for, without blanks around it; "" for nothing.

    Raises BadUserInputError.
    """
    text = given(search) or ""
    if problem := search_problem(text):
        raise BadUserInputError("search", problem)
    return text.strip()
