"""`timeline`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.callers import BadUserInputError
from gql_api.context import Info
from gql_api.ids import split
from gql_api.pagination import After, Before, Connection, First, Last
from gql_api.timeline.connections import timeline_of
from gql_api.timeline.types import TimelineEntry


@strawberry.field(
    description="What happened to the mailing, client or message with this id, the oldest first, also after it was "
    "deleted: who deleted it is told here only. Empty for an id that has left no trace; of a message, once its mailing "
    "is deleted."
)
async def timeline(  # noqa: PLR0917  # the arguments of the field, which come by name
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Of what: `mailing_7`, `client_42`, `message_1001`.")],
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[TimelineEntry]:
    match split(id):
        case ("mailing" | "client" | "message") as noun, number:
            return await timeline_of(info, noun, number, first=first, after=after, last=last, before=before)
    raise BadUserInputError("id", "must be the id of a mailing, a client or a message, such as mailing_7")
