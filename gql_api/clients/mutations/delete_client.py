"""`deleteClient`."""

from typing import Annotated

import strawberry

from gql_api.deleted import Deleted
from gql_api.errors import NotFound
from gql_api.ids import existing_number, id_of
from mailing.clients import service


@strawberry.input(description="A client to delete.")
class DeleteClientInput:
    id: strawberry.ID = strawberry.field(description="Which client: `client_42`.")


DeleteClientResult = Annotated[
    Deleted | NotFound,
    strawberry.union("DeleteClientResult", description="What was deleted, or that there was nothing to delete."),
]


@strawberry.mutation(
    description="Delete a client and every copy of the phone. Messages that are not yet sent are cancelled; what was "
    "sent stays in the statistics."
)
async def delete_client(
    input: Annotated[DeleteClientInput, strawberry.argument(description="The client.")],
) -> DeleteClientResult:
    number = existing_number("client", input.id)
    await service.delete_client(number)
    return Deleted(id=id_of("client", number))
