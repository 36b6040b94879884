"""Counts as the API shows them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

import strawberry
from strawberry import UNSET

import gql_api.statuses  # noqa: F401  # makes the states enums of the schema
from gql_api.pagination import RECKONED, bounded
from mailing.models import MailingStatus, MessageStatus
from mailing.statistics import figures
from mailing.statistics.queries import MOST_GROUPS

_MESSAGE_STATUSES = {RECKONED: len(MessageStatus)}
_GROUPS = {RECKONED: MOST_GROUPS}

First = Annotated[
    int | None,
    strawberry.argument(description=f"Only so many: 1 to {MOST_GROUPS:,}, which is the most that is counted apart."),
]


@strawberry.type(description="How many messages have one status.")
class StatusCount:
    status: MessageStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(description="How many have it.")


@strawberry.type(description="How many mailings have one status.")
class MailingStatusCount:
    status: MailingStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(description="How many have it.")


@strawberry.type(description="How many messages share one value of a property.")
class GroupCount:
    value: str = strawberry.field(description="The value, as it was when the mailing chose the client.")
    total: int = strawberry.field(description="How many share it.")
    by_status: list[StatusCount] = strawberry.field(
        description="The same by status: all seven, zeros too.", metadata=_MESSAGE_STATUSES
    )

    @classmethod
    def of(cls, row: figures.GroupCount) -> Self:
        """The group as the counters have it."""
        return cls(value=row.value, total=row.total, by_status=status_counts(row.by_status))


@strawberry.type(description="How many messages that are FAILED, UNCONFIRMED or EXPIRED have one reason.")
class FailureCount:
    reason: str = strawberry.field(description="The reason, in a few words, as in `Message.reason`.")
    count: int = strawberry.field(description="How many have it.")


@strawberry.type(description="A mailing's messages counted by their properties. Exact at the moment of the answer.")
class MailingStatistics:
    row: strawberry.Private[figures.MailingStatistics]
    total: int = strawberry.field(description="All messages of the mailing.")
    by_status: list[StatusCount] = strawberry.field(
        description="By status: all seven, zeros too; they sum to total.", metadata=_MESSAGE_STATUSES
    )

    @classmethod
    def of(cls, row: figures.MailingStatistics) -> Self:
        """The statistics as the counters have them."""
        return cls(row=row, total=row.total, by_status=status_counts(row.by_status))

    @strawberry.field(description="By the client's operator code, the largest groups first.", metadata=_GROUPS)
    def by_operator_code(self, first: First = UNSET) -> list[GroupCount]:
        return _groups(self.row.by_operator_code, first)

    @strawberry.field(
        description='By the client\'s tag, the largest groups first; "" are those without one.', metadata=_GROUPS
    )
    def by_tag(self, first: First = UNSET) -> list[GroupCount]:
        return _groups(self.row.by_tag, first)

    @strawberry.field(description="By the client's time zone, the largest groups first.", metadata=_GROUPS)
    def by_timezone(self, first: First = UNSET) -> list[GroupCount]:
        return _groups(self.row.by_timezone, first)

    @strawberry.field(
        description="FAILED, UNCONFIRMED and EXPIRED messages by reason, the most frequent first. Those without one, "
        "such as those that expired untried, are not among them.",
        metadata=_GROUPS,
    )
    def failures(self, first: First = UNSET) -> list[FailureCount]:
        counted = self.row.failures[: _most(first)]
        return [FailureCount(reason=failure.reason, count=failure.count) for failure in counted]


@strawberry.type(description="Mailings and their messages in all. Deleted mailings do not count.")
class Statistics:
    mailings: int = strawberry.field(description="How many mailings there are.")
    messages: int = strawberry.field(description="How many messages they have.")
    by_mailing_status: list[MailingStatusCount] = strawberry.field(
        description="The mailings by status: all five, zeros too.", metadata={RECKONED: len(MailingStatus)}
    )
    by_message_status: list[StatusCount] = strawberry.field(
        description="The messages by status: all seven, zeros too.", metadata=_MESSAGE_STATUSES
    )

    @classmethod
    def of(cls, row: figures.OverallStatistics) -> Self:
        """The statistics as the counters have them."""
        return cls(
            mailings=row.mailings,
            messages=row.messages,
            by_mailing_status=[
                MailingStatusCount(status=status, count=row.by_mailing_status.get(status, 0))
                for status in MailingStatus
            ],
            by_message_status=status_counts(row.by_message_status),
        )


def status_counts(counts: Mapping[MessageStatus, int]) -> list[StatusCount]:
    """All seven, in the order of the enum."""
    return [StatusCount(status=status, count=counts.get(status, 0)) for status in MessageStatus]


def _groups(rows: Sequence[figures.GroupCount], first: int | None) -> list[GroupCount]:
    return [GroupCount.of(row) for row in rows[: _most(first)]]


def _most(first: int | None) -> int:
    """Raises BadUserInputError."""
    return bounded("first", first, most=MOST_GROUPS, default=MOST_GROUPS)
