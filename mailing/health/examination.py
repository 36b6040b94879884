"""The whole examination of `mailing doctor`: everything that the service needs, looked at from this machine."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailing.db import orm
from mailing.health.database import (
    look_at_connections,
    look_at_database,
    look_at_database_clock,
    look_at_migrations,
)
from mailing.health.disk import look_at_disk
from mailing.health.examine import Check, examine
from mailing.health.finding import Finding, Level, worst
from mailing.health.mail_server import look_at_mail_server
from mailing.health.provider import look_at_channel, look_at_provider
from mailing.health.redis_server import look_at_redis
from mailing.health.report import look_at_report
from mailing.health.retention import look_at_retention
from mailing.health.token import look_at_token
from mailing.health.work import look_at_work
from mailing.health.zones import look_at_own_zones, look_at_zones
from mailing.place import place
from mailing.retention.period import Retention
from mailing.settings import CLOSE_SECONDS, Settings
from mailing.timezones import DATA_VERSION

CHECK_SECONDS = 5.0
"""For one check. Those that need others to be well come after them: three rounds at most."""
POOL_SIZE = 4
"""Connections to the database: it may be short of them."""


async def examined(settings: Settings, data_dir: Path) -> list[Finding]:
    """What there is to say of each part, in an order in which one explains the next. Changes nothing, sends nothing.
    A server that the settings do not name is left out.

    Takes at most three times CHECK_SECONDS. Uses this process's connection to the database: there must be none yet.
    """
    now = datetime.now(UTC)
    outside: dict[str, Check] = {
        "redis": lambda: _redis(settings),
        "provider": lambda: look_at_provider(settings),
        "provider's token": lambda: look_at_token(settings, now),
        "mail server": lambda: look_at_mail_server(settings),
        "time zones": lambda: look_at_own_zones(DATA_VERSION, now),
        "disk": lambda: look_at_disk(data_dir),
    }
    of_database, of_others = await asyncio.gather(_database(settings, now), examine(outside, CHECK_SECONDS))
    return [*of_database, *of_others]


async def _database(settings: Settings, now: datetime) -> list[Finding]:
    """Each round asks only if the ones before went well: otherwise all would say the same."""
    if settings.database_url is None:
        return []
    where = place(settings.database_url)
    rounds: list[dict[str, Check]] = [
        {"database": lambda: look_at_database(where)},
        {"migrations": look_at_migrations},
        {
            "clock of the database": look_at_database_clock,
            "connections": lambda: look_at_connections(settings.database_pool_size),
            "time zones of the database": lambda: look_at_zones(now),
            "scheduler and workers": lambda: look_at_work(timedelta(seconds=settings.sweep_interval_seconds)),
            "sending": look_at_channel,
            "daily report": lambda: look_at_report(settings.is_report_on),
            "retention": lambda: look_at_retention(Retention.of(settings), now),
        },
    ]
    found: list[Finding] = []
    await orm.connect(settings.model_copy(update={"database_pool_size": POOL_SIZE}))
    try:
        for checks in rounds:
            found += await examine(checks, CHECK_SECONDS)
            if worst(found) is Level.PROBLEM:
                break
    finally:
        # A server that hangs does not let go of its connections in order.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await orm.disconnect()
    return found


async def _redis(settings: Settings) -> list[Finding]:
    if settings.redis_url is None:
        return []
    return await look_at_redis(settings.redis_url, place(settings.redis_url))
