"""An explanation as the API shows it."""

from datetime import datetime, time
from typing import Self

import strawberry

from gql_api.clients.types import Client
from gql_api.context import Info
from gql_api.explanation.enums import Cause, Outcome
from gql_api.mailings.types import LocalTimeWindow, Mailing, MailingFilter
from gql_api.messages.types import Message
from gql_api.provider.types import ProviderHealth
from gql_api.scalars import TimeZone
from mailing.explanation import explanation


@strawberry.type(description="What a mailing looked for and what a client was, at one moment.")
class FilterMatch:
    at: datetime = strawberry.field(description="The moment.")
    filter: MailingFilter = strawberry.field(description="The mailing's filter at that moment.")
    operator_code: str = strawberry.field(description="The client's operator code at that moment.")
    tag: str = strawberry.field(description="The client's tag at that moment.")
    matches: bool = strawberry.field(description="Whether the filter lets the client in.")

    @classmethod
    def of(cls, match: explanation.FilterMatch) -> Self:
        """The match as the product tells it."""
        return cls(
            at=match.at,
            filter=MailingFilter(operator_codes=match.operator_codes, tags=match.tags),
            operator_code=match.operator_code,
            tag=match.tag,
            matches=match.matches,
        )


@strawberry.type(description="The client's clock beside the mailing's window, at the moment of the explanation.")
class WindowVerdict:
    window: LocalTimeWindow | None = strawberry.field(description="The mailing's window; null: it has none.")
    timezone: TimeZone = strawberry.field(description="The zone that counts for this message.")
    local_time: time | None = strawberry.field(description="What the client's clock shows; null for an unknown zone.")
    is_open: bool = strawberry.field(description="Whether the client may be texted now.")
    opens_at: datetime | None = strawberry.field(
        description="From when on the client may be texted: at once if it is open; null: never."
    )
    closes_at: datetime | None = strawberry.field(description="When it closes; null if it is closed, or never closes.")

    @classmethod
    def of(cls, verdict: explanation.WindowVerdict) -> Self:
        """The verdict as the product tells it."""
        window = verdict.window
        return cls(
            window=None if window is None else LocalTimeWindow(opens_at=window.opens_at, closes_at=window.closes_at),
            timezone=TimeZone(verdict.timezone),
            local_time=verdict.local_time,
            is_open=verdict.is_open,
            opens_at=verdict.opens_at,
            closes_at=verdict.closes_at,
        )


@strawberry.type(description="Whether a client was, was not, or will be sent a mailing, and why.")
class Explanation:
    client_number: strawberry.Private[int]
    mailing_number: strawberry.Private[int]
    message_number: strawberry.Private[int | None]
    outcome: Outcome = strawberry.field(description="Whether.")
    cause: Cause = strawberry.field(description="Why, for programs.")
    text: str = strawberry.field(description="Whether and why in a sentence or two, in English, for people.")
    decided_at: datetime | None = strawberry.field(
        description="When it was decided: when it was sent or ended, when something was deleted, or when the mailing "
        "had chosen its clients; null while it is open."
    )
    earliest_at: datetime | None = strawberry.field(
        description="Of WILL_BE_SENT: not before this moment, by all that is known now; null if somebody has to do "
        "something first. Null otherwise."
    )
    filter_then: FilterMatch | None = strawberry.field(
        description="Filter and client when the mailing chose its clients. Null if it has not yet, if the client was "
        "not there then, or once the mailing is deleted."
    )
    filter_now: FilterMatch | None = strawberry.field(
        description="Filter and client as they are; null once one of them is deleted."
    )
    window: WindowVerdict | None = strawberry.field(
        description="The client's clock and the window, now; null once the mailing is deleted, and for a client who "
        "was deleted without a message."
    )
    tries: int = strawberry.field(description="Requests to the provider so far, those that do not count included.")
    next_try_at: datetime | None = strawberry.field(
        description="Before which moment it is not tried again; null if it waits for no further try."
    )
    provider_health: ProviderHealth = strawberry.field(description="Whether anything goes out to the provider now.")
    updated_at: datetime = strawberry.field(description="The moment for which all of this holds.")

    @strawberry.field(description="The client; null once deleted.")
    async def client(self, info: Info) -> Client | None:
        row = await info.context.loaders.client.load(self.client_number)
        return Client.of(row) if row else None

    @strawberry.field(description="The mailing; null once deleted.")
    async def mailing(self, info: Info) -> Mailing | None:
        row = await info.context.loaders.mailing.load(self.mailing_number)
        return Mailing.of(row) if row else None

    @strawberry.field(description="The message, with its tries and its timeline; null if there is none.")
    async def message(self, info: Info) -> Message | None:
        row = None if self.message_number is None else await info.context.loaders.message.load(self.message_number)
        return Message.of(row) if row else None

    @classmethod
    def of(cls, told: explanation.Explanation, client_number: int, mailing_number: int) -> Self:
        """The explanation as the product tells it."""
        judgement = told.judgement
        return cls(
            client_number=client_number,
            mailing_number=mailing_number,
            message_number=told.message_id,
            outcome=judgement.outcome,
            cause=judgement.cause,
            text=told.text,
            decided_at=judgement.at,
            earliest_at=judgement.earliest_at,
            filter_then=FilterMatch.of(told.filter_then) if told.filter_then else None,
            filter_now=FilterMatch.of(told.filter_now) if told.filter_now else None,
            window=WindowVerdict.of(told.window) if told.window else None,
            tries=told.tries,
            next_try_at=told.next_try_at,
            provider_health=ProviderHealth.of(told.channel),
            updated_at=told.now,
        )
