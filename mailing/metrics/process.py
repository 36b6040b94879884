"""What every process tells of itself."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from mailing.metrics.buckets import QUICK

area = CollectorRegistry()

INFO = Gauge(
    "mailing_process_info",
    "Always 1: which version runs, as what",
    ["process", "version"],
    multiprocess_mode="livemax",
    registry=area,
)
LOOP_LAG_SECONDS = Histogram(
    "mailing_event_loop_lag_seconds",
    "How much later than asked for the event loop woke somebody, asked once a second: it is how busy the process is, "
    "and what every answer waits in addition",
    buckets=QUICK,
    registry=area,
)
OUTAGES = Counter(
    "mailing_outages",
    "Outages met by this process, by the event under which the log tells of them: queue.away, job.not_sent and so on",
    ["outage"],
    registry=area,
)
OUTAGE = Gauge(
    "mailing_outage_active",
    "Whether such an outage lasts: 1 from the first failure to the next success",
    ["outage"],
    multiprocess_mode="livemax",
    registry=area,
)
POOL_CONNECTIONS = Gauge(
    "mailing_database_pool_connections",
    "Connections to PostgreSQL that this process holds, in use or idle",
    ["state"],
    multiprocess_mode="livesum",
    registry=area,
)
POOL_MOST = Gauge(
    "mailing_database_pool_max_connections",
    "The most that it may open, MAILING_DATABASE_POOL_SIZE; with all of them in use, statements wait",
    multiprocess_mode="livesum",
    registry=area,
)
POOL_WAITING = Gauge(
    "mailing_database_pool_waiting",
    "Statements that wait for a connection of the pool, which is too small for what the process does",
    multiprocess_mode="livesum",
    registry=area,
)


def outage_began(event: str) -> None:
    OUTAGES.labels(event).inc()
    OUTAGE.labels(event).set(1)


def outage_ended(event: str) -> None:
    OUTAGE.labels(event).set(0)
