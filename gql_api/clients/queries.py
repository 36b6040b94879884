"""`client` and `clients`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.callers import InvalidArgumentError
from gql_api.clients.types import Client
from gql_api.context import Info
from gql_api.ids import number_of
from gql_api.mailings.inputs import MailingFilterInput, raw_filter
from gql_api.pagination import After, Before, Connection, First, Last, connection, part_of
from mailing.clients.queries import ClientFilter, count_clients, page_of_clients
from mailing.errors import InvalidInputError
from mailing.mailings.validation import checked_filter

_LIST = "clients"


@strawberry.field(description="One client; null for an id that names none.")
async def client(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Which one: `client_42`.")]
) -> Client | None:
    number = number_of("client", id)
    row = None if number is None else await info.context.loaders.client.load(number)
    return Client.of(row) if row else None


@strawberry.field(description="All clients, the oldest first.")
async def clients(
    filter: Annotated[
        MailingFilterInput | None,
        strawberry.argument(description="Only clients that a mailing with this filter would choose. Null: all."),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[Client]:
    part = part_of(_LIST, first, after, last, before)
    matching = _matching(filter)
    page = await page_of_clients(matching, part)
    return connection(page, _LIST, key=lambda row: row.id, node=Client.of, count=lambda: count_clients(matching))


def _matching(filter: MailingFilterInput | None) -> ClientFilter:
    try:
        operator_codes, tags = checked_filter(raw_filter(filter))
    except InvalidInputError as e:
        raise InvalidArgumentError("filter", e.problems) from e
    return ClientFilter(operator_codes, tags)
