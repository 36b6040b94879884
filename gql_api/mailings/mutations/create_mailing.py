"""`createMailing`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.errors import InvalidInput
from gql_api.inputs import given
from gql_api.mailings.inputs import LocalTimeWindowInput, MailingFilterInput, raw_filter, raw_window
from gql_api.mailings.types import Mailing
from gql_api.scalars import DateTimeText
from mailing.mailings import service
from mailing.mailings.queries import database_time
from mailing.mailings.validation import new_mailing


@strawberry.input(description="A mailing to create.")
class CreateMailingInput:
    text: str = strawberry.field(description="What is sent: not blank, at most 1,000 characters.")
    starts_at: DateTimeText = strawberry.field(description="When sending starts. In the past: at once.")
    ends_at: DateTimeText = strawberry.field(
        description="From when on nothing is sent: after startsAt, and in the future."
    )
    filter: MailingFilterInput | None = strawberry.field(
        default=UNSET, description="Whom it is for. Null or left out: every client."
    )
    window: LocalTimeWindowInput | None = strawberry.field(
        default=UNSET,
        description="At which hours of the client's own day it may be sent. Null or left out: at any.",
    )
    max_rate: int | None = strawberry.field(
        default=UNSET,
        description="Most messages a second, 1 to 100,000. Null or left out: as fast as the provider allows.",
    )


CreateMailingResult = Annotated[
    Mailing | InvalidInput,
    strawberry.union("CreateMailingResult", description="The new mailing, or why there is none."),
]


@strawberry.mutation(
    description="Create a mailing. Between startsAt and endsAt it starts at once, before startsAt it starts by itself."
)
async def create_mailing(
    input: Annotated[CreateMailingInput, strawberry.argument(description="The mailing.")],
) -> CreateMailingResult:
    new = new_mailing(
        now=await database_time(),
        text=input.text,
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        filter=raw_filter(input.filter),
        window=raw_window(input.window),
        max_rate=given(input.max_rate),
    )
    return Mailing.of(await service.create_mailing(new))
