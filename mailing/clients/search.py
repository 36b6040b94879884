"""Finding a client by what a person knows: a part of the tag, or the beginning or the end of the phone."""

import re
from dataclasses import dataclass
from typing import Self

from mailing.searching import any_case

PHONE_DIGITS = 11
LEAST_LAST_DIGITS = 4
"""Fewer are taken for the beginning of a phone only: at the end of one, every hundredth client has any two."""

_looks_like_a_phone = re.compile(r"\+?[0-9\s().\u2010-\u2015-]+").fullmatch
_not_digits = re.compile(r"[^0-9]+")


@dataclass(frozen=True, slots=True)
class ClientSearch:
    """Clients of whom any of these is true."""

    tag_pattern: str
    """The tag matches this expression of PostgreSQL."""
    phone_ranges: tuple[range, ...] = ()
    """The phone, as a number, is in one of these."""
    last_digits: str = ""
    """The phone ends so: LEAST_LAST_DIGITS or more; "" if that is not looked for."""

    @classmethod
    def of(cls, text: str) -> Self | None:
        """What a person means by `text`; None for "", which means everybody.

        Phones may be written as people do: +7 916 123-45-67, 8 (916) 1234567, 916 123. Digits may be the beginning
        with or without the country's code, or the end.
        """
        if not text:
            return None
        digits = _not_digits.sub("", text) if _looks_like_a_phone(text) else ""
        if not 0 < len(digits) <= PHONE_DIGITS:
            return cls(any_case(text))
        is_beginning = text.startswith("+") or len(digits) == PHONE_DIGITS
        return cls(
            any_case(text),
            tuple(_phones_from(beginning) for beginning in _beginnings(digits, is_whole=is_beginning)),
            digits if len(digits) >= LEAST_LAST_DIGITS and not is_beginning else "",
        )


def _beginnings(digits: str, *, is_whole: bool) -> list[str]:
    """What the phones may begin with. `is_whole`: the country's code is there, or the 8 that is dialled instead."""
    found = ["7" + digits[1:]] if digits[0] in "78" else []
    if not is_whole:
        found.append("7" + digits)
    return found


def _phones_from(beginning: str) -> range:
    missing = PHONE_DIGITS - len(beginning)
    first = int(beginning) * 10**missing
    return range(first, first + 10**missing)
