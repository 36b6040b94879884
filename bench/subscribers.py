"""How live subscribers fare beside the full load: how far behind they are, and what they cost.

    python -m bench.subscribers --subscribers 1000 --messages 1000000 --json figures.json

Starts a site of its own with API, workers, scheduler and a fake provider, sends one mailing while that many sockets of
one client process follow it, and leaves nothing behind. Exit status 1 if one of them did not get the last state.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from redis.asyncio import Redis
from rich.console import Console

from bench.figures import Figure, Section, at_most
from bench.latencies import Latencies
from bench.machine import Machine, cpu_times
from bench.queries import MEASURED_TAG, add_clients, server_version
from bench.report import Report
from bench.run import TEXT
from bench.screen import Screen
from bench.site import Site, site
from bench.sockets import States, SubscriberSocket, connect
from bench.stopping import StopSignal
from mailing.cli.open_files import allow_open_files
from mailing.db import orm
from mailing.logging import configure_logging
from mailing.mailings.service import create_mailing
from mailing.mailings.validation import NewMailing
from mailing.progress.channel import CHANNEL

QUERY = """
    subscription Follow($id: ID!) {
        mailingProgress(mailingId: $id) {
            total pending sending sent failed expired unconfirmed cancelled messagesPerSecond estimatedFinishAt
            updatedAt mailing { status text }
        }
    }
"""
_CONNECTED_A_SECOND = 200
_SLOWEST_CONNECTED_A_SECOND = 80
_FIRST_STATES_SECONDS = 4
_SLOWEST_PER_SECOND = 300
_REMARK = (
    "Behind: from the database's moment for which a state holds to its receipt, once the mailing has begun. Age: of "
    "what a subscriber had when the next state came, about a tenth of a second more. API, workers, PostgreSQL, "
    "provider and this client share the machine's cores; all ask for the same, each over a socket of its own."
)


@dataclass(slots=True)
class Told:
    """One mailing, as its subscribers saw it."""

    subscribers: int
    messages: int
    seconds: float = 0
    """From the mailing's start to the last subscriber's last state."""
    last_state_behind_ms: float = 0
    """From the database's moment of the last state until everyone had it."""
    states_each: list[int] = field(default_factory=list)
    api_seconds: float = 0
    client_seconds: float = 0
    redis_subscriptions: int = 0
    mb_before: float = 0
    mb_connected: float = 0
    mb_peak: float = 0
    problems: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    asked = _parse(arguments)
    stop_signal = StopSignal()
    allow_open_files()
    machine = Machine()
    with Screen() as screen, site(asked.workers) as running:
        configure_logging(running.settings, process="bench")
        report = stop_signal.run(_measure(running, screen, asked, machine))
    report.show(Console(width=None if sys.stdout.isatty() else 120))
    if asked.json:
        report.write(asked.json)
    return 1 if report.problems else 0


async def _measure(running: Site, screen: Screen, asked: argparse.Namespace, machine: Machine) -> Report:
    settings = running.settings
    async with orm.connected(settings):
        await add_clients(asked.messages, asked.messages)
        running.start_programs()
        audience = _Audience(running, screen, Told(asked.subscribers, asked.messages))
        section = await audience.follow_one_mailing()
        in_flight = settings.pump_slots * settings.pump_concurrency
        return Report(machine, await server_version(), asked.workers, in_flight, [section])


class _Audience:
    """All subscribers of one mailing. Use it once."""

    def __init__(self, site: Site, screen: Screen, told: Told) -> None:
        self._site = site
        self._screen = screen
        self._told = told
        self._states = States()
        self._sockets: list[SubscriberSocket] = []
        assert site.api.pid is not None, "the programs run"
        self._api = psutil.Process(site.api.pid)

    async def follow_one_mailing(self) -> Section:
        told = self._told
        connecting_seconds = told.subscribers / _SLOWEST_CONNECTED_A_SECOND
        starts_at = datetime.now(UTC) + timedelta(seconds=_FIRST_STATES_SECONDS + connecting_seconds)
        ends_at = starts_at + timedelta(hours=2)
        mailing = await create_mailing(NewMailing(TEXT, starts_at, ends_at, (), (MEASURED_TAG,), None, None))
        told.mb_before = self._megabytes()
        await self._connect(f"mailing_{mailing.id}")
        told.mb_connected = told.mb_peak = self._megabytes()
        told.redis_subscriptions = await self._redis_subscriptions()
        if datetime.now(UTC) > starts_at:
            told.problems.append("the mailing began before all subscribers were there")
        before, own = self._api_seconds(), time.process_time()
        await self._wait_for_the_end(starts_at.timestamp())
        told.api_seconds, told.client_seconds = self._api_seconds() - before, time.process_time() - own
        self._judge(starts_at.timestamp())
        for socket in self._sockets:
            socket.close()
        return self._section()

    async def _connect(self, mailing_id: str) -> None:
        url = self._site.api_url
        advance = self._screen.step("Subscribers", self._told.subscribers)
        for number in range(self._told.subscribers):
            self._sockets.append(
                await connect(url, lambda: SubscriberSocket(url, QUERY, {"id": mailing_id}, self._states))
            )
            advance(number + 1)
            await asyncio.sleep(1 / _CONNECTED_A_SECOND / 2)
        with suppress(TimeoutError):  # Who never gets a state is a problem that the end tells of.
            async with asyncio.timeout(_FIRST_STATES_SECONDS):
                while not all(socket.count or socket.trouble for socket in self._sockets):  # noqa: ASYNC110  # frames come by callback
                    await asyncio.sleep(0.05)

    async def _wait_for_the_end(self, starts_at: float) -> None:
        told = self._told
        advance = self._screen.step("One mailing, followed by all", told.messages)
        gives_up_at = starts_at + 60 + told.messages / _SLOWEST_PER_SECOND
        while time.time() < gives_up_at and not all(one.is_complete or one.trouble for one in self._sockets):
            told.mb_peak = max(told.mb_peak, self._megabytes())
            if self._sockets[0].last:
                newest = self._sockets[0].newest
                advance(newest["total"] - newest["pending"] - newest["sending"])
            await asyncio.sleep(0.5)

    def _judge(self, starts_at: float) -> None:
        """Everyone must have the last state, and have been told that it is the last."""
        told = self._told
        told.states_each = [socket.count for socket in self._sockets]
        troubles = [socket.trouble for socket in self._sockets if socket.trouble]
        if troubles:
            told.problems.append(f"{len(troubles)} subscribers had trouble, such as: {troubles[0]}")
        last = [socket for socket in self._sockets if socket.last and _is_last(socket.newest, told.messages)]
        complete = sum(socket.is_complete for socket in self._sockets)
        if min(len(last), complete) < told.subscribers:
            told.problems.append(f"{len(last)} of {told.subscribers} got the last state, {complete} the end")
        if last:
            last_at = max(socket.last_at for socket in last)
            told.seconds = last_at - starts_at
            told.last_state_behind_ms = (last_at - _moment(last[0].newest["updatedAt"])) * 1000
        if told.redis_subscriptions != 1:
            told.problems.append(f"{told.redis_subscriptions} Redis subscriptions instead of one")

    def _section(self) -> Section:
        told = self._told
        behind = Latencies("behind", [*self._states.behind_ms])
        age = Latencies("age", [*self._states.age_ms])
        states = max(1, sum(told.states_each))
        seconds = max(told.seconds, 1e-9)
        figures = [
            Figure("the last subscriber had the last state after", told.seconds, "s"),
            Figure("  that state was old by then", told.last_state_behind_ms, "ms", at_most(1000)),
            Figure("behind, p50", behind.percentile(0.5), "ms"),
            Figure("  p99", behind.percentile(0.99), "ms", at_most(1000)),
            Figure("  max", behind.percentile(1), "ms", at_most(1000)),
            Figure("age before the next, p99", age.percentile(0.99), "ms"),
            Figure("states to each a second", states / told.subscribers / seconds, "1/s", at_most(10)),
            Figure("  fewest to one", min(told.states_each, default=0)),
            Figure("  most to one", max(told.states_each, default=0)),
            Figure("messages a second", told.messages / seconds, "messages/s"),
            Figure("Redis subscriptions", told.redis_subscriptions, "", at_most(1)),
            Figure("API memory without subscribers (RSS)", told.mb_before, "MB"),
            Figure("  with all connected", told.mb_connected, "MB"),
            Figure("  peak", told.mb_peak, "MB"),
            Figure("API processor time a state and socket", told.api_seconds / states * 1e6, "µs"),
            Figure("  share of a core", told.api_seconds / seconds),
            Figure("this client's share of a core", told.client_seconds / seconds),
        ]
        title = f"{told.subscribers:,} subscribers of one mailing of {told.messages:,} messages"
        measured = {name: getattr(told, name) for name in Told.__slots__ if name != "problems"}
        return Section("subscribers", title, figures, (), _REMARK, told.problems, measured)

    def _megabytes(self) -> float:
        megabytes: float = self._api.memory_info().rss / 1e6
        return megabytes

    def _api_seconds(self) -> float:
        return cpu_times({"API": [self._api.pid]}).parts["API"]

    async def _redis_subscriptions(self) -> int:
        assert self._site.settings.redis_url is not None, "a site has a Valkey"
        redis = Redis.from_url(self._site.settings.redis_url)
        try:
            ((_, count),) = await redis.pubsub_numsub(CHANNEL)
            return int(count)
        finally:
            await redis.aclose()


def _is_last(state: dict[str, object], messages: int) -> bool:
    return (state["sent"], state["mailing"]) == (messages, {"status": "FINISHED", "text": TEXT})


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.subscribers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--subscribers", type=int, default=1000, help="sockets (default: %(default)s)")
    parser.add_argument("--messages", type=int, default=100_000, help="of the mailing (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write every figure there, too")
    asked = parser.parse_args(arguments)
    if min(asked.subscribers, asked.messages, asked.workers) < 1:
        parser.error("--subscribers, --messages and --workers must be at least 1")
    return asked


if __name__ == "__main__":
    sys.exit(main())
