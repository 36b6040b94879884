"""What `mailing up` loads at its very first start, so that there is something to look at."""

import asyncio
from datetime import timedelta
from itertools import islice
from pathlib import Path

from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.fictional_clients import fictional_clients
from mailing.clients.filter import ClientFilter
from mailing.clients.import_file import add_clients
from mailing.clients.page_queries import count_clients
from mailing.embedded.runtime import Endpoints
from mailing.mailings.queries import count_mailings, database_time
from mailing.mailings.raw_values import RawWindow
from mailing.mailings.service import create_mailing
from mailing.mailings.validation import new_mailing
from mailing.settings import load_settings

SAMPLE_CLIENTS = 1_000

TEXT = "Здравствуйте! Завтра с 10:00 до 14:00 в вашем доме не будет воды: плановый ремонт."


def load_samples(endpoints: Endpoints, log_file: Path) -> None:
    """Add sample clients and a mailing to all of them, unless there is any client or mailing.

    A crash between the two leaves the clients alone, and then this does nothing more.
    """
    asyncio.run(_load(endpoints, log_file))


async def load_into_empty_database() -> bool:
    """`load_samples` for a process that is connected; tells whether the database was empty."""
    if await count_clients(ClientFilter()) or await count_mailings(()):
        return False
    await add_clients(list(islice(fictional_clients(seed=0), SAMPLE_CLIENTS)))
    now = await database_time()
    # By each client's own clock. Ten hours lie between the zones, so nine leave at any time of day somebody to wait.
    mailing = new_mailing(
        now=now,
        text=TEXT,
        starts_at=now.isoformat(),
        ends_at=(now + timedelta(days=1)).isoformat(),
        window=RawWindow(opens_at="09:00", closes_at="18:00"),
    )
    await create_mailing(mailing)
    return True


async def _load(endpoints: Endpoints, log_file: Path) -> None:
    settings = load_settings(database_url=endpoints.database_url, redis_url=endpoints.redis_url, log_file=log_file)
    configure_command_log(settings, "up")
    async with connected(settings):
        await load_into_empty_database()
