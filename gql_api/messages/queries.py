"""`message`."""

from typing import Annotated

import strawberry

from gql_api.context import Info
from gql_api.ids import number_of
from gql_api.messages.types import Message


@strawberry.field(description="One message; null for an id that names none.")
async def message(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Which one: `message_1001`.")]
) -> Message | None:
    number = number_of("message", id)
    row = None if number is None else await info.context.loaders.message.load(number)
    return Message.of(row) if row else None
