"""`node`."""

from typing import Annotated

import strawberry

from gql_api.clients.types import Client
from gql_api.context import Info
from gql_api.ids import split
from gql_api.mailings.types import Mailing
from gql_api.messages.types import Message
from gql_api.node import Node


@strawberry.field(description="Whatever has this id; null for an id that names nothing.")
async def node(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Which one: `client_42`, `mailing_7`, `message_1`.")],
) -> Node | None:
    noun, number = split(id) or ("", 0)
    loaders = info.context.loaders
    match noun:
        case "client":
            client = await loaders.client.load(number)
            return Client.of(client) if client else None
        case "mailing":
            mailing = await loaders.mailing.load(number)
            return Mailing.of(mailing) if mailing else None
        case "message":
            message = await loaders.message.load(number)
            return Message.of(message) if message else None
    return None
