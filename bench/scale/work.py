"""One mailing's way through the database, and the questions that people ask, timed one by one."""

import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bench.latencies import Latencies
from bench.scale.tables import FRESH_TAG
from bench.selection import mailing_to
from mailing.clients.filter import ClientFilter
from mailing.clients.page_queries import page_of_clients
from mailing.clients.search import ClientSearch
from mailing.db.orm import fetch, fetch_value
from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import Claimed, Result
from mailing.delivery.slot_queries import take_slot
from mailing.delivery.start import start
from mailing.explanation.service import explain_delivery
from mailing.mailings.service import create_mailing
from mailing.models.message import MessageStatus
from mailing.paging import Slice
from mailing.progress.queries import read_progress
from mailing.provider.protocol import Answer, Verdict
from mailing.statistics.queries import mailing_statistics
from mailing.timeline.messages import timelines_of_messages

CLAIM, FLUSH = 500, 100
"""Messages of a statement, as pumps have them at full speed."""
_LEASE = timedelta(minutes=5)


async def work(questions: int) -> list[Latencies]:
    """Start a mailing to all fresh clients, send it to nobody, and ask about it, `questions` of each kind."""
    starting = Latencies("start of a mailing, all messages written")
    mailing = await create_mailing(mailing_to((FRESH_TAG,), "Hello"))
    began = time.perf_counter()
    await start(mailing.id, 1)
    starting.add(time.perf_counter() - began)
    claiming, flushing = await _send(mailing.id)
    return [starting, claiming, flushing, *await _ask(mailing.id, questions)]


async def _send(mailing_id: int) -> tuple[Latencies, Latencies]:
    """Claim and record all of it, as a pump whose provider answers at once."""
    claiming, flushing = Latencies(f"claim of {CLAIM}"), Latencies(f"flush of {FLUSH}")
    lease = await take_slot(mailing_id, "bench", _LEASE)
    assert lease is not None, "the mailing has a slot"
    while True:
        began = time.perf_counter()
        standing, messages = await claim(lease, _LEASE, CLAIM) or (None, [])
        if standing is None or not messages:
            return claiming, flushing
        claiming.add(time.perf_counter() - began)
        for first in range(0, len(messages), FLUSH):
            results = [_accepted(message, standing.now) for message in messages[first : first + FLUSH]]
            began = time.perf_counter()
            await record(lease, _LEASE, results)
            flushing.add(time.perf_counter() - began)


def _accepted(message: Claimed, at: datetime) -> Result:
    return Result(message, MessageStatus.SENT, answer=Answer(Verdict.ACCEPTED, "", at, 1, 200, 0), text_version=1)


async def _ask(mailing_id: int, questions: int) -> list[Latencies]:
    first = await fetch_value("SELECT min(id) FROM message WHERE mailing_id = $1", mailing_id)
    rows = await fetch("SELECT client_id FROM message WHERE mailing_id = $1 LIMIT 10000", mailing_id)
    clients = [row["client_id"] for row in rows]
    page: Slice[int] = Slice(50)
    kinds: dict[str, Callable[[], Awaitable[object]]] = {
        "SELECT 1": lambda: fetch("SELECT 1"),
        "statistics with all groups": lambda: mailing_statistics([mailing_id]),
        "progress": lambda: read_progress([mailing_id]),
        "explain": lambda: explain_delivery(random.choice(clients), mailing_id),
        "timeline of a message": lambda: timelines_of_messages([first + random.randrange(len(clients))]),
        "search of clients by the end of a phone": lambda: page_of_clients(
            ClientFilter(), page, ClientSearch.of(f"{random.randrange(10_000):04}")
        ),
    }
    return [await _timed(Latencies(name), ask, questions) for name, ask in kinds.items()]


async def _timed(latencies: Latencies, ask: Callable[[], Awaitable[object]], questions: int) -> Latencies:
    for _ in range(questions):
        began = time.perf_counter()
        await ask()
        latencies.add(time.perf_counter() - began)
    return latencies
