"""`cancelMailing`."""

from typing import Annotated

import strawberry

from gql_api.errors import MailingAlreadyEnded, NotFound
from gql_api.ids import existing_number
from gql_api.mailings.types import Mailing
from mailing.mailings import service


@strawberry.input(description="A mailing to cancel.")
class CancelMailingInput:
    id: strawberry.ID = strawberry.field(description="Which mailing: `mailing_7`.")


CancelMailingResult = Annotated[
    Mailing | NotFound | MailingAlreadyEnded,
    strawberry.union("CancelMailingResult", description="The cancelled mailing, or why it was not cancelled."),
]


@strawberry.mutation(
    description="End a mailing for good, whether it has started or not. Messages not yet sent are cancelled."
)
async def cancel_mailing(
    input: Annotated[CancelMailingInput, strawberry.argument(description="The mailing.")],
) -> CancelMailingResult:
    return Mailing.of(await service.cancel_mailing(existing_number("mailing", input.id)))
