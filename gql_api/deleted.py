"""The answer to a deletion."""

import strawberry


@strawberry.type(description="Something is gone.")
class Deleted:
    id: strawberry.ID = strawberry.field(description="What it was.")
