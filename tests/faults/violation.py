"""How an invariant says that it does not hold."""

from collections.abc import Iterable

_MOST_SHOWN = 5


class InvariantViolatedError(Exception):
    """Raised when an invariant does not hold; the text is the evidence."""


def none_of(what: str, found: Iterable[object]) -> None:
    """Raises InvariantViolatedError with the first few of `found`, if there is any."""
    all_found = list(found)
    if all_found:
        shown = "; ".join(str(each) for each in all_found[:_MOST_SHOWN])
        more = " …" if len(all_found) > _MOST_SHOWN else ""
        raise InvariantViolatedError(f"{len(all_found)} {what}: {shown}{more}")
