"""`explain`."""

from typing import Annotated

import strawberry

from gql_api.explanation.types import Explanation
from gql_api.ids import number_of
from mailing.explanation.service import explain_delivery


@strawberry.field(
    description="Whether and why this client was, was not, or will be sent this mailing. Answers for those who are "
    "deleted, too; null for ids that never named a client and a mailing."
)
async def explain(
    client_id: Annotated[strawberry.ID, strawberry.argument(description="Which client: `client_42`.")],
    mailing_id: Annotated[strawberry.ID, strawberry.argument(description="Which mailing: `mailing_7`.")],
) -> Explanation | None:
    client, mailing = number_of("client", client_id), number_of("mailing", mailing_id)
    if client is None or mailing is None:
        return None
    told = await explain_delivery(client, mailing)
    return None if told is None else Explanation.of(told, client, mailing)
