"""Histories as the API shows them."""

import datetime
from typing import Annotated, Self

import strawberry

from gql_api.pagination import RECKONED, bounded_between
from gql_api.scalars import TimeZone
from mailing.history import figures
from mailing.history.days import MOST_DAYS
from mailing.history.queries import FEWEST_STEPS, MOST_STEPS
from mailing.messages.ends import Ended

MostSteps = Annotated[
    int | None,
    strawberry.argument(
        description=f"No more steps than this: {FEWEST_STEPS} to {MOST_STEPS}, which is what it is without it. There "
        "are fewer where the next shorter round length would make too many."
    ),
]


@strawberry.interface(description="How many messages came to which final status in a time.")
class EndedMessages:
    sent: int = strawberry.field(description="How many were accepted by the provider: SENT.")
    failed: int = strawberry.field(description="How many became FAILED.")
    expired: int = strawberry.field(description="How many became EXPIRED.")
    unconfirmed: int = strawberry.field(description="How many became UNCONFIRMED.")
    cancelled: int = strawberry.field(description="How many became CANCELLED, without those that were taken in again.")


@strawberry.type(description="One step of a mailing's life.")
class MailingHistoryStep(EndedMessages):
    starts_at: datetime.datetime = strawberry.field(description="When it begins; the next one begins where it ends.")

    @classmethod
    def of(cls, row: figures.Step) -> Self:
        """The step as it was counted."""
        return cls(starts_at=row.starts_at, **_ended(row.ended))


@strawberry.type(description="How a mailing's messages came to their ends over its life.")
class MailingHistory:
    step_seconds: int = strawberry.field(
        description="How long each step is: 1, 5, 15, 30, 60, 300, 900, 1800, 3600 and so on, as short as the number "
        "of steps allows. It grows while the mailing goes on."
    )
    steps: list[MailingHistoryStep] = strawberry.field(
        description="From the start to the end, or while the mailing goes on to now; steps without messages, too. The "
        "first begins a little before the start, at a round time by UTC; the last is still growing while the mailing "
        "goes on. Empty before the start.",
        metadata={RECKONED: MOST_STEPS},
    )
    counted_since: datetime.datetime | None = strawberry.field(
        description="What ended before this moment is in no step, for it was not counted yet; null: all is."
    )
    updated_at: datetime.datetime = strawberry.field(description="The moment for which all of this holds.")

    @classmethod
    def of(cls, row: figures.MailingHistory) -> Self:
        """The history as it was counted."""
        return cls(
            step_seconds=row.step_seconds,
            steps=[MailingHistoryStep.of(step) for step in row.steps],
            counted_since=row.counted_since,
            updated_at=row.read_at,
        )


@strawberry.type(description="What became of messages on one day, of all mailings, deleted ones too.")
class DayStatistics(EndedMessages):
    date: datetime.date = strawberry.field(description="The day.")
    starts_at: datetime.datetime = strawberry.field(description="Its midnight.")
    ends_at: datetime.datetime = strawberry.field(
        description="The next day's midnight, 23 to 25 hours later. Of a day that is not over this holds what there is "
        "so far."
    )
    requests: int = strawberry.field(description="Requests to the provider, those begun on this day.")
    failed_requests: int = strawberry.field(
        description="How many of these neither took the message nor refused it for good: no connection, no answer in "
        "time, an answer that is no answer, HTTP 5xx, a refused token."
    )

    @classmethod
    def of(cls, row: figures.DayTotals) -> Self:
        """The day as it was counted."""
        return cls(
            date=row.date,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            requests=row.requests,
            failed_requests=row.failures,
            **_ended(row.ended),
        )


@strawberry.type(description="What became of messages on the last days.")
class DailyStatistics:
    timezone: TimeZone = strawberry.field(description="Whose midnights begin the days.")
    days: list[DayStatistics] = strawberry.field(
        description="Each of them, the oldest first; the last is today.", metadata={RECKONED: MOST_DAYS}
    )
    counted_since: datetime.datetime | None = strawberry.field(
        description="Of what came before this moment nothing is known, or not all; null: everything is counted."
    )

    @classmethod
    def of(cls, row: figures.DailyTotals) -> Self:
        """The days as they were counted."""
        return cls(
            timezone=TimeZone(row.zone),
            days=[DayStatistics.of(day) for day in row.days],
            counted_since=row.counted_since,
        )


def bounded_steps(most: int | None) -> int:
    """Raises BadUserInputError."""
    return bounded_between("mostSteps", most, FEWEST_STEPS, MOST_STEPS, default=MOST_STEPS)


def _ended(ended: Ended) -> dict[str, int]:
    return {status.value.lower(): ended[status] for status in ended}
