"""`revokeApiToken`."""

from typing import Annotated

import strawberry

from gql_api.access_tokens.types import ApiToken
from gql_api.errors import NotFound
from gql_api.ids import existing_number
from mailing.access_tokens import service


@strawberry.input(description="An API token to take back.")
class RevokeApiTokenInput:
    id: strawberry.ID = strawberry.field(description="Which token: `token_7`.")


RevokeApiTokenResult = Annotated[
    ApiToken | NotFound,
    strawberry.union("RevokeApiTokenResult", description="The revoked token, or that there is none."),
]


@strawberry.mutation(
    description="Take an API token back for good. Requests with it are refused from now on; its sockets and streams "
    "end within seconds. Once more changes nothing. Tokens that were made with it stay as they are. For admins."
)
async def revoke_api_token(
    input: Annotated[RevokeApiTokenInput, strawberry.argument(description="The token.")],
) -> RevokeApiTokenResult:
    return ApiToken.of(await service.revoke_token(existing_number("token", input.id)))
