"""A token as the API shows it."""

from datetime import datetime
from typing import Self

import strawberry

import gql_api.roles  # noqa: F401  # makes the roles an enum of the schema
from gql_api.ids import id_of
from mailing import models
from mailing.roles import Role


@strawberry.type(description="Who made an API token.")
class ApiTokenCreator:
    subject: str = strawberry.field(
        description="By which the issuer tells them from all others; `token_7` for a program with a token of its own, "
        "`everyone` where nobody had to sign in, `command line` for `mailing token create`."
    )
    name: str = strawberry.field(description="To show to people; not unique.")


@strawberry.type(
    description="What lets a program in that has no OpenID provider to get tokens from. The token itself is shown "
    "once, when it is made. Only admins see these, so `node` does not lead here."
)
class ApiToken:
    id: strawberry.ID = strawberry.field(description="`token_7`: by this the logs call whoever uses it.")
    name: str = strawberry.field(description="What it is for; several may have the same.")
    start: str = strawberry.field(description="The token's first characters, to recognise it by.")
    role: Role = strawberry.field(description="What the program may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: ApiTokenCreator = strawberry.field(description="Who made it.")
    expires_at: datetime | None = strawberry.field(
        description="From this moment on it lets nobody in; null: it does not expire."
    )
    last_used_at: datetime | None = strawberry.field(
        description="When somebody last came in by it, up to a minute behind; null: never."
    )
    revoked_at: datetime | None = strawberry.field(description="When it was taken back; null: it was not.")

    @classmethod
    def of(cls, row: models.AccessToken) -> Self:
        """The token as the database has it."""
        return cls(
            id=id_of("token", row.id),
            name=row.name,
            start=row.start,
            role=row.role,
            created_at=row.created_at,
            created_by=ApiTokenCreator(subject=row.created_by, name=row.created_by_name),
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )
