"""What everything with an id has in common."""

import strawberry


@strawberry.interface(description="Anything with an id. Ask for any of them with `node(id:)`.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="`client_42`, `mailing_7` or `message_1001`: the same in the API, the logs, mails and exports."
    )
