"""Live progress."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from gql_api.callers import UnknownIdError
from gql_api.context import Info
from gql_api.ids import number_of
from gql_api.mailings.progress import MailingProgress
from mailing.errors import NotFoundError


@strawberry.subscription(
    description="The whole state of a mailing at once and then after each change, the newest at most 10 times a "
    "second. Ends with the mailing's last state. An unknown id is an error with the code NOT_FOUND."
)
async def mailing_progress(
    info: Info,
    mailing_id: Annotated[strawberry.ID, strawberry.argument(description="Which mailing.")],
) -> AsyncGenerator[MailingProgress, None]:
    number = number_of("mailing", mailing_id)
    if number is None:
        raise UnknownIdError("mailingId", mailing_id)
    try:
        async with aclosing(info.context.feed.watch(number)) as states:
            async for state in states:
                info.context.subjects.as_of = state.updated_at
                yield MailingProgress.of(state)
    except NotFoundError as e:
        raise UnknownIdError("mailingId", mailing_id) from e


@strawberry.subscription(
    description="The same for every mailing that runs, one mailing at a time: first all that run now, and later also "
    "those that start. Does not end."
)
async def active_mailings_progress(info: Info) -> AsyncGenerator[MailingProgress, None]:
    feed, subjects = info.context.feed, info.context.subjects
    subjects.is_present = feed.runs
    async with aclosing(feed.watch_active()) as states:
        async for state in states:
            subjects.current = state.mailing_id
            yield MailingProgress.of(state)
