"""What is told of the clients whom a filter chooses."""

from dataclasses import dataclass

MOST_GROUPS = 1_000
"""Of one property."""


@dataclass(frozen=True, slots=True)
class AudienceGroup:
    """The clients that share one property."""

    value: str
    total: int


@dataclass(frozen=True, slots=True)
class Audience:
    """One snapshot. Every list has at most MOST_GROUPS entries, the largest, and begins with the largest of all."""

    total: int
    by_operator_code: tuple[AudienceGroup, ...]
    by_tag: tuple[AudienceGroup, ...]
    by_timezone: tuple[AudienceGroup, ...]
