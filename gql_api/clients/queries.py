"""`client` and `clients`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.callers import InvalidArgumentError
from gql_api.clients.types import Client
from gql_api.context import Info
from gql_api.ids import number_of
from gql_api.inputs import searched
from gql_api.mailings.inputs import MailingFilterInput, raw_filter
from gql_api.pagination import After, Before, Connection, First, Last, connection, part_of
from mailing.clients.filter import ClientFilter
from mailing.clients.page_queries import count_clients, page_of_clients
from mailing.clients.search import LEAST_LAST_DIGITS, ClientSearch
from mailing.errors import InvalidInputError
from mailing.mailings.validation import checked_filter
from mailing.searching import MAX_SEARCH_LENGTH

_LIST = "clients"


@strawberry.field(description="One client; null for an id that names none.")
async def client(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Which one: `client_42`.")]
) -> Client | None:
    number = number_of("client", id)
    row = None if number is None else await info.context.loaders.client.load(number)
    return Client.of(row) if row else None


@strawberry.field(description="All clients, the oldest first.")
async def clients(  # noqa: PLR0917  # the arguments of the field, which come by name
    filter: Annotated[
        MailingFilterInput | None,
        strawberry.argument(description="Only clients that a mailing with this filter would choose. Null: all."),
    ] = UNSET,
    search: Annotated[
        str | None,
        strawberry.argument(
            description="Only clients with this in their tag, in capital or small letters, or whose phone begins with "
            f"these digits or ends with these {LEAST_LAST_DIGITS} or more, written as people do: 8 (916) 123-45-67, "
            f"916 123, 4567. At most {MAX_SEARCH_LENGTH} characters. Null or blank: any."
        ),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[Client]:
    part = part_of(_LIST, first, after, last, before)
    matching = client_filter(filter)
    wanted = ClientSearch.of(searched(search))
    page = await page_of_clients(matching, part, wanted)
    return connection(
        page, _LIST, key=lambda row: row.id, node=Client.of, count=lambda: count_clients(matching, wanted)
    )


def client_filter(filter: MailingFilterInput | None) -> ClientFilter:
    """The filter as given, checked; absent and null both choose everyone.

    Raises InvalidArgumentError.
    """
    try:
        operator_codes, tags = checked_filter(raw_filter(filter))
    except InvalidInputError as e:
        raise InvalidArgumentError("filter", e.problems) from e
    return ClientFilter(operator_codes, tags)
