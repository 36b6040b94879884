"""`updateClient`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.clients.types import Client
from gql_api.errors import InvalidInput, NotFound, PhoneAlreadyRegistered
from gql_api.ids import existing_number
from gql_api.inputs import changed
from gql_api.scalars import PhoneNumber, TimeZone
from mailing.clients import service
from mailing.clients.validation import client_changes


@strawberry.input(description="What to change of a client. What is left out stays as it is.")
class UpdateClientInput:
    id: strawberry.ID = strawberry.field(description="Which client: `client_42`.")
    phone: PhoneNumber | None = strawberry.field(
        default=UNSET,
        description="7 and ten digits; no other client may have it. Must not be null. The operator code stays.",
    )
    operator_code: str | None = strawberry.field(default=UNSET, description="1 to 8 digits. Must not be null.")
    tag: str | None = strawberry.field(
        default=UNSET, description="Any label, at most 100 characters, without control characters. Null removes it."
    )
    timezone: TimeZone | None = strawberry.field(default=UNSET, description="An IANA name. Must not be null.")


UpdateClientResult = Annotated[
    Client | InvalidInput | NotFound | PhoneAlreadyRegistered,
    strawberry.union("UpdateClientResult", description="The changed client, or why nothing was changed."),
]


@strawberry.mutation(
    description="Change a client. Messages that are not yet sent go to the new phone, by the new zone's clock."
)
async def update_client(
    input: Annotated[UpdateClientInput, strawberry.argument(description="The client and the changes.")],
) -> UpdateClientResult:
    number = existing_number("client", input.id)
    changes = client_changes(
        phone=changed(input.phone),
        operator_code=changed(input.operator_code),
        tag=changed(input.tag),
        timezone=changed(input.timezone),
    )
    return Client.of(await service.update_client(number, changes))
