"""`apiTokens`."""

import strawberry
from strawberry import UNSET

from gql_api.access_tokens.types import ApiToken
from gql_api.pagination import After, Before, Connection, First, Last, connection, part_of
from mailing.access_tokens.queries import count_tokens, page_of_tokens

_LIST = "apiTokens"


@strawberry.field(
    description="All API tokens, the oldest first, also those that are revoked or have expired. For admins."
)
async def api_tokens(
    first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
) -> Connection[ApiToken]:
    page = await page_of_tokens(part_of(_LIST, first, after, last, before))
    return connection(page, _LIST, key=lambda row: row.id, node=ApiToken.of, count=count_tokens)
