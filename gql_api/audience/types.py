"""The audience of a filter as the API shows it."""

from collections.abc import Sequence
from typing import Annotated, Self

import strawberry
from strawberry import UNSET

from gql_api.pagination import RECKONED, bounded
from mailing.clients import audience as figures
from mailing.clients.audience import MOST_GROUPS

_GROUPS = {RECKONED: MOST_GROUPS}

First = Annotated[
    int | None, strawberry.argument(description=f"Only so many: 1 to {MOST_GROUPS:,}, which is the most that is told.")
]


@strawberry.type(description="How many clients share one value of a property.")
class AudienceGroup:
    value: str = strawberry.field(description="The value.")
    total: int = strawberry.field(description="How many share it.")


@strawberry.type(description="The clients that a filter chooses, counted. Exact at the moment of the answer.")
class Audience:
    row: strawberry.Private[figures.Audience]
    total: int = strawberry.field(description="How many they are.")

    @classmethod
    def of(cls, row: figures.Audience) -> Self:
        """The audience as the counters have it."""
        return cls(row=row, total=row.total)

    @strawberry.field(description="By operator code, the largest groups first.", metadata=_GROUPS)
    def by_operator_code(self, first: First = UNSET) -> list[AudienceGroup]:
        return _groups(self.row.by_operator_code, first)

    @strawberry.field(description='By tag, the largest groups first; "" are those without one.', metadata=_GROUPS)
    def by_tag(self, first: First = UNSET) -> list[AudienceGroup]:
        return _groups(self.row.by_tag, first)

    @strawberry.field(description="By time zone, the largest groups first.", metadata=_GROUPS)
    def by_timezone(self, first: First = UNSET) -> list[AudienceGroup]:
        return _groups(self.row.by_timezone, first)


def _groups(rows: Sequence[figures.AudienceGroup], first: int | None) -> list[AudienceGroup]:
    """Raises BadUserInputError."""
    most = bounded("first", first, most=MOST_GROUPS, default=MOST_GROUPS)
    return [AudienceGroup(value=row.value, total=row.total) for row in rows[:most]]
