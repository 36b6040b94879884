"""What `mailing demo` does: it sends a mailing through the API, and checks that every message is accounted for."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from typing import Any

from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.demo_api import DemoApi
from mailing.cli.demo_ledger import DemoLedger
from mailing.cli.demo_screen import SendingProgress, show_statistics
from mailing.cli.failure import CommandError
from mailing.cli.fictional_clients import fictional_clients
from mailing.cli.screen import console, step
from mailing.clients.filter import ClientFilter
from mailing.clients.import_file import add_clients
from mailing.clients.import_rows import BATCH_ROWS
from mailing.clients.page_queries import count_clients
from mailing.db import orm
from mailing.embedded.runtime import Endpoints
from mailing.settings import load_settings

ALL_WELL, AMISS, INTERRUPTED = 0, 1, 130

_COUNTS = ("pending", "sending", "sent", "failed", "expired", "unconfirmed", "cancelled")


def run(endpoints: Endpoints, clients: int, log_file: Path | None, token: str | None = None) -> int:
    """Send a mailing to `clients` clients. The exit status: 0 if every message is accounted for, else 1.

    `token`: of the API, where sign-in is on. Stopping it stops the looking on, not the mailing. Raises CommandError
    where something does not answer.
    """
    demonstration = _Demonstration(endpoints, clients, log_file, token)
    try:
        return asyncio.run(demonstration.run())
    except KeyboardInterrupt:
        console.print(demonstration.how_to_look_again(), soft_wrap=True, markup=False)
        return INTERRUPTED


class _Demonstration:
    def __init__(self, endpoints: Endpoints, clients: int, log_file: Path | None, token: str | None) -> None:
        self._endpoints = endpoints
        self._log_file = log_file
        self._clients = clients
        self._tag = f"demo-{clients}"
        self._api = DemoApi(endpoints.api_url, token)
        self._ledger = DemoLedger(endpoints.provider_url)
        self._mailing_id: str | None = None

    async def run(self) -> int:
        before = await asyncio.to_thread(self._ledger.accepted)
        await self._ensure_clients()
        # By its own text the ledger tells this mailing's messages from those of others that run meanwhile.
        text = f"Demonstration {secrets.token_hex(4)}: nobody gets this, the provider is a fake one."
        mailing_id = self._mailing_id = await self._api.create_mailing(text, self._tag)
        console.print(f"{mailing_id} is for the clients with the tag {self._tag}", soft_wrap=True, markup=False)
        with SendingProgress(self._clients) as progress:
            async with aclosing(self._api.follow(mailing_id)) as states:
                async for state in states:
                    progress.show(state)
        mailing = await self._api.statistics(mailing_id)
        show_statistics(mailing["statistics"])
        accepted = await asyncio.to_thread(self._ledger.accepted_with, text, before)
        return _conclude(what_is_amiss(mailing, self._clients, accepted), self._clients)

    def how_to_look_again(self) -> str:
        if self._mailing_id is None:
            return "Interrupted before there was a mailing."
        query = (
            f'{{"query": "{{ mailing(id: \\"{self._mailing_id}\\") {{ status progress {{ total sent failed }} }} }}"}}'
        )
        authorization = ' -H "Authorization: Bearer $MAILING_TOKEN"' if self._api.has_token else ""
        return (
            f"{self._mailing_id} goes on by itself. To look at it again:\n"
            f"curl -s {self._api.url} -H 'Content-Type: application/json'{authorization} -d '{query}'"
        )

    async def _ensure_clients(self) -> None:
        settings = load_settings(
            database_url=self._endpoints.database_url, redis_url=self._endpoints.redis_url, log_file=self._log_file
        )
        configure_command_log(settings, "demo")
        try:
            with step(f"Making sure that there are {self._clients:,} clients with the tag {self._tag}"):
                async with connected(settings):
                    await ensure_clients(self._tag, self._clients)
        except orm.DATABASE_ERRORS as e:
            raise CommandError(f"the database failed: {str(e).splitlines()[0]}") from e


async def ensure_clients(tag: str, count: int) -> None:
    """Add fictional clients until `count` have the tag. Nobody who is there already is changed.

    Raises CommandError if more than that have it.
    """
    missing = count - await count_clients(ClientFilter(tags=(tag,)))
    if missing < 0:
        raise CommandError(
            f"{count - missing:,} clients have the tag {tag}; delete {-missing:,} or choose another number"
        )
    people = fictional_clients(seed=count, tag=tag)
    while missing > 0:
        missing -= await add_clients(list(islice(people, min(missing, BATCH_ROWS))))


def what_is_amiss(mailing: Mapping[str, Any], clients: int, accepted: int) -> list[str]:
    """What of a mailing that has ended does not add up; nothing if all does. Each is one line."""
    progress, statistics = mailing["progress"], mailing["statistics"]
    total, sent = progress["total"], progress["sent"]
    accounted = sum(progress[name] for name in _COUNTS)
    counted = sum(row["count"] for row in statistics["byStatus"])
    checks = {
        f"it has {total} messages for {clients} clients": total == clients,
        f"the seven counts sum to {accounted}, not {total}": accounted == total,
        f"its statistics count {counted} messages, not {total}": counted == statistics["total"] == total,
        f"{progress['pending']} are still pending": progress["pending"] == 0,
        f"{progress['sending']} are still being sent": progress["sending"] == 0,
        f"the provider accepted {accepted}, of which {sent} are known as sent": accepted == sent,
    }
    return [problem for problem, holds in checks.items() if not holds]


def _conclude(problems: list[str], clients: int) -> int:
    for problem in problems:
        console.print(f"Amiss: {problem}", style="red", soft_wrap=True)
    if problems:
        return AMISS
    console.print(
        f"All {clients:,} messages are accounted for, and the provider's ledger agrees.", style="green", soft_wrap=True
    )
    return ALL_WELL
