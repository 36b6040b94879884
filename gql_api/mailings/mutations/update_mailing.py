"""`updateMailing`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.errors import InvalidInput, MailingAlreadyEnded, MailingAlreadyStarted, NotFound
from gql_api.ids import existing_number
from gql_api.inputs import changed
from gql_api.mailings.inputs import LocalTimeWindowInput, MailingFilterInput, changed_filter, changed_window
from gql_api.mailings.types import Mailing
from gql_api.scalars import DateTimeText
from mailing.mailings import service
from mailing.mailings.validation import mailing_changes


@strawberry.input(description="What to change of a mailing. What is left out stays as it is.")
class UpdateMailingInput:
    id: strawberry.ID = strawberry.field(description="Which mailing: `mailing_7`.")
    text: str | None = strawberry.field(
        default=UNSET,
        description="What is sent: not blank, at most 1,000 characters. Must not be null. Messages not yet sent get "
        "the new text.",
    )
    starts_at: DateTimeText | None = strawberry.field(
        default=UNSET, description="When sending starts. Only before it has started. Must not be null."
    )
    ends_at: DateTimeText | None = strawberry.field(
        default=UNSET,
        description="From when on nothing is sent: after startsAt, and in the future. Must not be null.",
    )
    filter: MailingFilterInput | None = strawberry.field(
        default=UNSET,
        description="Whom it is for, both lists anew; null: every client. Messages not yet sent to clients who no "
        "longer match are cancelled, and clients who match now are added.",
    )
    window: LocalTimeWindowInput | None = strawberry.field(
        default=UNSET, description="At which hours of the client's own day it may be sent; null: at any."
    )
    max_rate: int | None = strawberry.field(
        default=UNSET,
        description="Most messages a second, 1 to 100,000; null: as fast as the provider allows. In force within a "
        "second.",
    )


UpdateMailingResult = Annotated[
    Mailing | InvalidInput | NotFound | MailingAlreadyStarted | MailingAlreadyEnded,
    strawberry.union("UpdateMailingResult", description="The changed mailing, or why nothing was changed."),
]


@strawberry.mutation(
    description="Change a mailing: all of it before it has started, all but startsAt while it is running or paused, "
    "nothing once it is over."
)
async def update_mailing(
    input: Annotated[UpdateMailingInput, strawberry.argument(description="The mailing and the changes.")],
) -> UpdateMailingResult:
    number = existing_number("mailing", input.id)
    changes = mailing_changes(
        text=changed(input.text),
        starts_at=changed(input.starts_at),
        ends_at=changed(input.ends_at),
        filter=changed_filter(input.filter),
        window=changed_window(input.window),
        max_rate=changed(input.max_rate),
    )
    return Mailing.of(await service.update_mailing(number, changes))
