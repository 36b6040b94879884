"""What the events of a subscription are about."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


def _always(_: object) -> bool:
    return True


@dataclass(slots=True)
class Subjects:
    """Told by a subscription's resolver, so that of each subject only the newest event needs to be kept.

    Without a word from it all events are about the same, and each replaces the one before.
    """

    current: Hashable = None
    """What the event is about that the resolver yields next."""
    as_of: datetime | None = None
    """Of which moment the event is that the resolver yields next. None: the resolver does not say."""
    is_present: Callable[[Any], bool] = _always
    """Whether a subscriber who comes now is to be told of the subject."""
