"""`createClient`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.clients.types import Client
from gql_api.errors import InvalidInput, PhoneAlreadyRegistered
from gql_api.inputs import given
from gql_api.scalars import PhoneNumber, TimeZone
from mailing.clients import service
from mailing.clients.validation import new_client


@strawberry.input(description="A client to add.")
class CreateClientInput:
    phone: PhoneNumber = strawberry.field(description="7 and ten digits; no other client may have it.")
    operator_code: str | None = strawberry.field(
        default=UNSET, description="1 to 8 digits. Null or left out: digits 2 to 4 of the phone."
    )
    tag: str | None = strawberry.field(
        default=UNSET,
        description="Any label, at most 100 characters, without control characters. Null or left out: none.",
    )
    timezone: TimeZone = strawberry.field(description="An IANA name: the clock that a mailing's window goes by.")


CreateClientResult = Annotated[
    Client | InvalidInput | PhoneAlreadyRegistered,
    strawberry.union("CreateClientResult", description="The new client, or why there is none."),
]


@strawberry.mutation(description="Add a client. Mailings that have started before do not reach it.")
async def create_client(
    input: Annotated[CreateClientInput, strawberry.argument(description="The client.")],
) -> CreateClientResult:
    new = new_client(input.phone, given(input.operator_code), given(input.tag), input.timezone)
    return Client.of(await service.create_client(new))
