"""Whoever asks, as the API shows them."""

from datetime import UTC, datetime
from typing import Self

import strawberry

import gql_api.roles  # noqa: F401  # makes the roles an enum of the schema
from gql_api.auth.credentials import Pass
from mailing.roles import Role


@strawberry.type(description="A session of somebody who has signed in with this browser.")
class BrowserSession:
    expires_at: datetime = strawberry.field(
        description="When it is over, whether it is used or not. POST to /auth/sign-out ends it before that."
    )


@strawberry.type(description="Whoever asks: a person or a program.")
class Viewer:
    name: str = strawberry.field(description="To show to people; not unique. Everyone, where nobody has to sign in.")
    role: Role = strawberry.field(description="What they may do.")
    session: BrowserSession | None = strawberry.field(
        description="Null for those who are let in by anything but a browser's session: a token, for example."
    )
    sign_in_url: str | None = strawberry.field(
        description="Where people sign in with a browser: go there with `next`, the path of the page to come back to. "
        "It stands in the extensions of the error UNAUTHENTICATED, too. Null where it is not set up."
    )

    @classmethod
    def of(cls, admitted: Pass, sign_in_url: str | None) -> Self:
        """Whom the pass lets in."""
        until = datetime.fromtimestamp(round(admitted.expires_at), UTC) if admitted.by_cookie else None
        session = BrowserSession(expires_at=until) if until else None
        return cls(name=admitted.viewer.name, role=admitted.viewer.role, session=session, sign_in_url=sign_in_url)
