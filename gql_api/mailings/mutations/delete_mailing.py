"""`deleteMailing`."""

from typing import Annotated

import strawberry

from gql_api.deleted import Deleted
from gql_api.errors import NotFound
from gql_api.ids import existing_number, id_of
from mailing.mailings import service


@strawberry.input(description="A mailing to delete.")
class DeleteMailingInput:
    id: strawberry.ID = strawberry.field(description="Which mailing: `mailing_7`.")


DeleteMailingResult = Annotated[
    Deleted | NotFound,
    strawberry.union("DeleteMailingResult", description="What was deleted, or that there was nothing to delete."),
]


@strawberry.mutation(
    description="Delete a mailing with its messages and statistics, whatever its status. Sending stops at once."
)
async def delete_mailing(
    input: Annotated[DeleteMailingInput, strawberry.argument(description="The mailing.")],
) -> DeleteMailingResult:
    number = existing_number("mailing", input.id)
    await service.delete_mailing(number)
    return Deleted(id=id_of("mailing", number))
