"""What the resolvers of one request share."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import NamedTuple

import strawberry
from strawberry.dataloader import DataLoader

from gql_api.auth.viewer import Viewer
from gql_api.auth.visit import Visit
from gql_api.batching import batched, grouped
from gql_api.subjects import Subjects
from gql_api.timeline.loaders import TimelineLoaders
from mailing.clients.queries import clients_by_id
from mailing.history.figures import MailingHistory
from mailing.history.queries import mailing_histories
from mailing.mailings.queries import mailings_by_id
from mailing.messages.queries import (
    Attempt,
    MessageRow,
    attempts_of,
    count_messages_of_clients,
    count_messages_of_mailings,
    messages_by_id,
    messages_of_clients,
    messages_of_mailings,
)
from mailing.models import Client, Mailing, MessageStatus
from mailing.paging import Page, Slice
from mailing.progress.feed import ProgressFeed
from mailing.progress.queries import read_progress
from mailing.progress.snapshot import MailingProgress
from mailing.provider_health.feed import HealthFeed
from mailing.reports.at_risk import risks_of
from mailing.reports.figures import MailingAtRisk
from mailing.roles import Role
from mailing.settings import Settings
from mailing.statistics.figures import MailingStatistics
from mailing.statistics.queries import mailing_statistics


class MailingMessages(NamedTuple):
    """One part of a mailing's messages; without statuses of all of them."""

    mailing_id: int
    statuses: tuple[MessageStatus, ...]
    part: Slice


class ClientMessages(NamedTuple):
    """One part of a client's messages; without statuses of all of them."""

    client_id: int
    statuses: tuple[MessageStatus, ...]
    part: Slice


MessagesOf = tuple[int, tuple[MessageStatus, ...]]
"""Whose messages to count, and at which statuses; without any all of them."""


class Loaders:
    """Reads that many resolvers want at the same moment, each as one query.

    They remember nothing: a mutation that follows another in the same request, and the next event of a
    subscription, must see what is true by then.
    """

    def __init__(self) -> None:
        self.client: DataLoader[int, Client | None] = batched(clients_by_id)
        self.mailing: DataLoader[int, Mailing | None] = batched(mailings_by_id)
        self.message: DataLoader[int, MessageRow | None] = batched(messages_by_id)
        self.attempts: DataLoader[int, list[Attempt] | None] = batched(attempts_of)
        self.progress: DataLoader[int, MailingProgress | None] = batched(read_progress)
        self.statistics: DataLoader[int, MailingStatistics | None] = batched(mailing_statistics)
        self.history: DataLoader[tuple[int, int], MailingHistory | None] = batched(_mailing_histories)
        self.risk: DataLoader[int, MailingAtRisk | None] = batched(risks_of)
        self.mailing_messages: DataLoader[MailingMessages, Page[MessageRow] | None] = batched(_mailing_messages)
        self.client_messages: DataLoader[ClientMessages, Page[MessageRow] | None] = batched(_client_messages)
        self.mailing_message_count: DataLoader[MessagesOf, int | None] = batched(_mailing_message_counts)
        self.client_message_count: DataLoader[MessagesOf, int | None] = batched(_client_message_counts)
        self.timelines = TimelineLoaders()


class Context:
    """One for each HTTP request, for each WebSocket with its queries and mutations, and for each execution of a
    subscription."""

    def __init__(
        self,
        feed: ProgressFeed,
        health: HealthFeed,
        visit: Visit,
        settings: Settings,
        *,
        traceparent: str | None = None,
    ) -> None:
        """`traceparent`: of the request, by W3C Trace Context."""
        self.feed = feed
        self.health = health
        self.visit = visit
        self.settings = settings
        self.traceparent = traceparent
        self.connection_params: dict[str, object] | None = None
        """The payload of connection_init."""
        self.subjects = Subjects()

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders()

    @property
    def viewer(self) -> Viewer | None:
        """Who asks; None on a socket before connection_init. In a subscription only the role can be relied on: it is
        executed once for all who have the same."""
        return self.visit.viewer

    @property
    def role(self) -> Role | None:
        """What who asks may do; None on a socket before connection_init."""
        return self.viewer.role if self.viewer else None


Info = strawberry.Info[Context, None]


async def _mailing_messages(keys: list[MailingMessages]) -> dict[MailingMessages, Page[MessageRow]]:
    found: dict[MailingMessages, Page[MessageRow]] = {}
    for (statuses, part), mailing_ids in grouped(((key.statuses, key.part), key.mailing_id) for key in keys):
        pages = await messages_of_mailings(mailing_ids, statuses, part)
        found |= {MailingMessages(id, statuses, part): page for id, page in pages.items()}
    return found


async def _client_messages(keys: list[ClientMessages]) -> dict[ClientMessages, Page[MessageRow]]:
    found: dict[ClientMessages, Page[MessageRow]] = {}
    for (statuses, part), client_ids in grouped(((key.statuses, key.part), key.client_id) for key in keys):
        pages = await messages_of_clients(client_ids, statuses, part)
        found |= {ClientMessages(id, statuses, part): page for id, page in pages.items()}
    return found


async def _mailing_message_counts(keys: list[MessagesOf]) -> dict[MessagesOf, int]:
    return await _message_counts(count_messages_of_mailings, keys)


async def _client_message_counts(keys: list[MessagesOf]) -> dict[MessagesOf, int]:
    return await _message_counts(count_messages_of_clients, keys)


async def _message_counts(
    count: Callable[[list[int], tuple[MessageStatus, ...]], Awaitable[dict[int, int]]], keys: list[MessagesOf]
) -> dict[MessagesOf, int]:
    found: dict[MessagesOf, int] = {}
    for statuses, owners in grouped((statuses, owner) for owner, statuses in keys):
        counts = await count(owners, statuses)
        found |= {(id, statuses): number for id, number in counts.items()}
    return found


async def _mailing_histories(keys: list[tuple[int, int]]) -> dict[tuple[int, int], MailingHistory]:
    found: dict[tuple[int, int], MailingHistory] = {}
    for most_steps, mailing_ids in grouped((most_steps, mailing_id) for mailing_id, most_steps in keys):
        histories = await mailing_histories(mailing_ids, most_steps)
        found |= {(id, most_steps): history for id, history in histories.items()}
    return found
