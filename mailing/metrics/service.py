"""Figures of the whole service, which the API reads when somebody asks: the same from every API process.

They are never to be summed over processes. Where the database or Redis does not answer in time, its figures are left
out, for an old one would be taken for a new one; all else is shown.
"""

import asyncio
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.breaker import BreakerState
from mailing.metrics.reading import Reading
from mailing.metrics.service_queries import DatabaseFigures, read_database_figures

READ_SECONDS = 2.0
"""So long the database and Redis may take."""
FRESH_SECONDS = 1.0
"""Who asks again within this time gets the same: more who ask are no more load."""
STALE_SECONDS = 10.0
"""Older figures are not shown any more."""

Lengths = Mapping[tuple[str, str], int]
"""By queue and state."""


class ServiceFigures(Collector):
    """`await refresh()`, and then collect. `queues` are the names of the queues in Redis, below `mailing:`."""

    def __init__(self, redis: Redis, queues: Collection[str]) -> None:
        self._redis = redis
        self._database_reading = Reading(read_database_figures, (*DATABASE_ERRORS, TimeoutError))
        self._lengths_reading = Reading(self._read_lengths, (RedisError, TimeoutError))
        self._queues = sorted(queues)
        self._reading = asyncio.Lock()
        self._read_at = float("-inf")
        self._database: DatabaseFigures | None = None
        self._lengths: Lengths | None = None

    async def refresh(self) -> None:
        """Read both side by side, unless that has just been done. Raises nothing, and takes READ_SECONDS at most."""
        async with self._reading:
            if time.monotonic() - self._read_at < FRESH_SECONDS:
                return
            self._database, self._lengths = await asyncio.gather(
                self._database_reading.within(READ_SECONDS), self._lengths_reading.within(READ_SECONDS)
            )
            self._read_at = time.monotonic()

    def collect(self) -> Iterator[Metric]:
        is_stale = time.monotonic() - self._read_at > STALE_SECONDS
        database, lengths = (None, None) if is_stale else (self._database, self._lengths)
        up = {("database",): database is not None, ("redis",): lengths is not None}
        yield _gauge(
            "server_up", "Whether the database, and Redis, answered the API within two seconds", ["server"], up
        )
        if database is not None:
            yield from _of_database(database)
        if lengths is not None:
            yield _gauge(
                "queue_messages",
                "Wake-ups in Redis: waiting for a worker, to be given out later, or dead after several failures. More "
                "than a few waiting: all workers are busy, or there are none",
                ["queue", "state"],
                lengths,
            )

    async def _read_lengths(self) -> Lengths:
        pipeline = self._redis.pipeline(transaction=False)
        for queue in self._queues:
            pipeline.llen(f"mailing:{queue}")
            pipeline.llen(f"mailing:{queue}.DQ")
            pipeline.zcard(f"mailing:{queue}.XQ")
        found = await pipeline.execute()
        keys = [(queue, state) for queue in self._queues for state in ("waiting", "delayed", "dead")]
        return dict(zip(keys, found, strict=True))


def _of_database(figures: DatabaseFigures) -> Iterator[Metric]:
    yield _gauge(
        "mailings",
        "Mailings that are not over, by their status",
        ["status"],
        {(status.value,): count for status, count in figures.mailings.items()},
    )
    yield _gauge(
        "messages",
        "Messages of mailings that are not over, by their status; exact at every moment, for they are counted in the "
        "transaction that changes them",
        ["status"],
        {(status.value,): count for status, count in figures.messages.items()},
    )
    yield _gauge(
        "start_overdue_seconds",
        "For how long the mailing waits that should have started the longest time ago; 0 without one. It grows where "
        "no scheduler runs",
        [],
        {(): max(0.0, figures.start_overdue_seconds)},
    )
    yield _gauge(
        "mailings_due",
        "Mailings with messages that could leave right now: due, in an open window. Where nothing is sent all the "
        "same, workers are missing or stuck, a rate holds them back, or the channel to the provider is open",
        [],
        {(): figures.mailings_due},
    )
    yield _gauge(
        "leases",
        "Parts of mailings that workers hold: held, or expired because the worker fell silent. The sweep takes expired "
        "ones back within a second",
        ["state"],
        {("held",): figures.leases_held, ("expired",): figures.leases_expired},
    )
    yield _gauge(
        "provider_channel",
        "1 for the state in which the breaker before the provider is: CLOSED lets everything leave, OPEN nothing, "
        "HALF_OPEN single requests",
        ["state"],
        {(state.value,): state is figures.channel for state in BreakerState},
    )


def _gauge(name: str, what: str, labels: list[str], values: Mapping[Any, float]) -> Metric:
    """`values` by the labels' values, a tuple of text."""
    family = GaugeMetricFamily(f"mailing_service_{name}", what, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family
