"""Ids as they come in and go out: a noun and a number, `client_42`."""

import re

from strawberry import ID

from mailing.errors import NotFoundError
from mailing.ids import Noun, written

_MAX_NUMBER = 2**63 - 1
_read = re.compile(r"(client|mailing|message|token)_([1-9][0-9]{0,18})").fullmatch


def id_of(noun: Noun, number: int) -> ID:
    """The id of a row."""
    return ID(written(noun, number))


def number_of(noun: Noun, id: str) -> int | None:
    """The row that an id names; None for an id of another noun or shape, which names no row."""
    parts = split(id)
    return parts[1] if parts and parts[0] == noun else None


def existing_number(noun: Noun, id: str) -> int:
    """`number_of`, for a mutation.

    Raises NotFoundError for an id of another noun or shape.
    """
    number = number_of(noun, id)
    if number is None:
        raise NotFoundError(noun, id)
    return number


def split(id: str) -> tuple[str, int] | None:
    """The noun and the number of an id; None for another shape, and for numbers that no row can have."""
    match = _read(id)
    if match is None or (number := int(match[2])) > _MAX_NUMBER:
        return None
    return match[1], number
