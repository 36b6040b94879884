"""`createApiToken`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.access_tokens.types import ApiToken
from gql_api.context import Info
from gql_api.errors import InvalidInput
from gql_api.inputs import given
from gql_api.scalars import DateTimeText
from mailing.access_tokens import service
from mailing.access_tokens.service import Creator
from mailing.access_tokens.validation import new_token
from mailing.mailings.queries import database_time
from mailing.roles import Role


@strawberry.input(description="An API token to make.")
class CreateApiTokenInput:
    name: str = strawberry.field(
        description="What it is for: 1 to 100 characters, not only spaces, without control characters."
    )
    role: Role = strawberry.field(
        description="What the program may do. An ADMIN may make further tokens; they outlive this one."
    )
    expires_at: DateTimeText | None = strawberry.field(
        default=UNSET,
        description="In the future, within 3,650 days. Null or left out: the token is good until it is revoked.",
    )


@strawberry.type(description="An API token was made.")
class ApiTokenCreated:
    token: str = strawberry.field(
        description="To be shown as `Authorization: Bearer …`. Keep it now: nobody can read it again."
    )
    api_token: ApiToken = strawberry.field(description="What is known of it from now on.")

    def __repr__(self) -> str:
        """Without the token: a repr may end up in a log."""
        return f"ApiTokenCreated({self.api_token.id})"


CreateApiTokenResult = Annotated[
    ApiTokenCreated | InvalidInput,
    strawberry.union("CreateApiTokenResult", description="The new token, or why there is none."),
]


@strawberry.mutation(description="Make a token that lets a program in. For admins.")
async def create_api_token(
    info: Info, input: Annotated[CreateApiTokenInput, strawberry.argument(description="The token.")]
) -> CreateApiTokenResult:
    viewer = info.context.viewer
    assert viewer is not None, "nobody gets here without a role"
    new = new_token(now=await database_time(), name=input.name, role=input.role, expires_at=given(input.expires_at))
    issued = await service.create_token(new, Creator(viewer.subject, viewer.name))
    return ApiTokenCreated(token=issued.secret, api_token=ApiToken.of(issued.row))
