"""The scheduler process: looks after everything once a second. Several may run; none is the leader."""

import asyncio
import signal
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from redis.asyncio import Redis

from mailing import jobs
from mailing.db import orm
from mailing.delivery.sweep import sweep, tidy_up
from mailing.metrics.exposition import Role
from mailing.metrics.watched import Watched
from mailing.progress.announce import announce_through
from mailing.progress.publisher import ProgressPublisher
from mailing.reports.daily import DailyReports
from mailing.retention.nightly import remove_due
from mailing.settings import Settings
from tasks.broker import make_broker
from tasks.sending import through

log = structlog.get_logger(__name__)


def run(settings: Settings) -> int:
    """Sweep until SIGTERM or SIGINT; the exit status."""
    asyncio.run(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    assert settings.redis_url is not None, "the command line checks it"
    broker = make_broker(settings.redis_url)
    redis = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)
    publisher = ProgressPublisher(redis)
    jobs.send_through(through(broker))
    announce_through(publisher.touch)
    watched = Watched(settings, Role.SCHEDULER)
    async with orm.connected(settings):
        await watched.start()
        reports = DailyReports(settings)
        scheduler = _schedule(settings, reports)
        log.info("scheduler.started", interval_seconds=settings.sweep_interval_seconds)
        await stop.wait()
        scheduler.shutdown(wait=False)
        await reports.close()
        await publisher.close()
        await watched.stop()
    await redis.aclose()
    broker.close()
    log.info("scheduler.stopped")


def _schedule(settings: Settings, reports: DailyReports) -> AsyncIOScheduler:
    """Rounds never overlap in one process, and a late one is run late: the default would drop it after a second."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(sweep, "interval", args=[settings], seconds=settings.sweep_interval_seconds)
    scheduler.add_job(tidy_up, "interval", seconds=60)
    # At once too: what was missed while nobody ran is late enough.
    scheduler.add_job(reports.send_due, "interval", seconds=60, next_run_time=datetime.now(UTC))
    scheduler.add_job(remove_due, "interval", args=[settings], seconds=60, next_run_time=datetime.now(UTC))
    scheduler.start()
    return scheduler
