"""`audience`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.audience.types import Audience
from gql_api.clients.queries import client_filter
from gql_api.mailings.inputs import MailingFilterInput
from mailing.clients.audience_queries import read_audience


@strawberry.field(
    description="Whom a mailing with this filter would choose if it started now, counted: quick enough to be asked "
    "while somebody types. Without a filter it tells which operator codes, tags and time zones there are."
)
async def audience(
    filter: Annotated[
        MailingFilterInput | None, strawberry.argument(description="Only clients that it would choose. Null: all.")
    ] = UNSET,
) -> Audience:
    return Audience.of(await read_audience(client_filter(filter)))
