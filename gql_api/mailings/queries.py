"""`mailing` and `mailings`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.context import Info
from gql_api.ids import number_of
from gql_api.inputs import searched
from gql_api.mailings.types import Mailing
from gql_api.pagination import After, Before, Connection, First, Last, connection, part_of
from mailing.mailings.queries import MailingSearch, count_mailings, page_of_mailings
from mailing.models import MailingStatus
from mailing.searching import MAX_SEARCH_LENGTH

_LIST = "mailings"


@strawberry.field(description="One mailing; null for an id that names none.")
async def mailing(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Which one: `mailing_7`.")]
) -> Mailing | None:
    number = number_of("mailing", id)
    row = None if number is None else await info.context.loaders.mailing.load(number)
    return Mailing.of(row) if row else None


@strawberry.field(description="All mailings, the oldest first. For the newest ask with `last`.")
async def mailings(  # noqa: PLR0917  # the arguments of the field, which come by name
    statuses: Annotated[
        list[MailingStatus] | None,
        strawberry.argument(description="Only mailings with one of these statuses. Null or empty: any."),
    ] = UNSET,
    search: Annotated[
        str | None,
        strawberry.argument(
            description="Only mailings with this in their text, in capital or small letters, or with this id: "
            f"`mailing_7` or `7`. At most {MAX_SEARCH_LENGTH} characters. Null or blank: any."
        ),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[Mailing]:
    chosen = tuple(sorted(set(statuses or ())))
    part = part_of(_LIST, first, after, last, before)
    wanted = _wanted(searched(search))
    page = await page_of_mailings(chosen, part, wanted)
    return connection(
        page, _LIST, key=lambda row: row.id, node=Mailing.of, count=lambda: count_mailings(chosen, wanted)
    )


def _wanted(text: str) -> MailingSearch | None:
    if not text:
        return None
    return MailingSearch(text, number_of("mailing", text if text.startswith("mailing_") else f"mailing_{text}"))
