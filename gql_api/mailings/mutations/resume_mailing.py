"""`resumeMailing`."""

from typing import Annotated

import strawberry

from gql_api.errors import MailingNotPaused, NotFound
from gql_api.ids import existing_number
from gql_api.mailings.types import Mailing
from mailing.mailings import service


@strawberry.input(description="A mailing to resume.")
class ResumeMailingInput:
    id: strawberry.ID = strawberry.field(description="Which mailing: `mailing_7`.")


ResumeMailingResult = Annotated[
    Mailing | NotFound | MailingNotPaused,
    strawberry.union("ResumeMailingResult", description="The resumed mailing, or why it was not resumed."),
]


@strawberry.mutation(description="Go on with a paused mailing.")
async def resume_mailing(
    input: Annotated[ResumeMailingInput, strawberry.argument(description="The mailing.")],
) -> ResumeMailingResult:
    return Mailing.of(await service.resume_mailing(existing_number("mailing", input.id)))
