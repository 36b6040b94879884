"""`pauseMailing`."""

from typing import Annotated

import strawberry

from gql_api.errors import MailingNotRunning, NotFound
from gql_api.ids import existing_number
from gql_api.mailings.types import Mailing
from mailing.mailings import service


@strawberry.input(description="A mailing to pause.")
class PauseMailingInput:
    id: strawberry.ID = strawberry.field(description="Which mailing: `mailing_7`.")


PauseMailingResult = Annotated[
    Mailing | NotFound | MailingNotRunning,
    strawberry.union("PauseMailingResult", description="The paused mailing, or why it was not paused."),
]


@strawberry.mutation(
    description="Stop sending a running mailing until it is resumed. Requests already on their way are finished."
)
async def pause_mailing(
    input: Annotated[PauseMailingInput, strawberry.argument(description="The mailing.")],
) -> PauseMailingResult:
    return Mailing.of(await service.pause_mailing(existing_number("mailing", input.id)))
