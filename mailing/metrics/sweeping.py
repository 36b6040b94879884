"""What the scheduler counts of its rounds, and of what it found."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from mailing.metrics.buckets import SLOW

area = CollectorRegistry()

ROUND_SECONDS = Histogram(
    "mailing_sweep_duration_seconds",
    "Rounds of the sweep, one every MAILING_SWEEP_INTERVAL_SECONDS: longer ones make everything that it starts late",
    buckets=SLOW,
    registry=area,
)
LAST_ROUND = Gauge(
    "mailing_sweep_last_round_timestamp_seconds",
    "When the last round ended that met no failure of the database: where that of all schedulers is old, nothing is "
    "started, ended or taken back",
    multiprocess_mode="livemax",
    registry=area,
)
FAILURES = Counter(
    "mailing_sweep_step_failures",
    "Steps of the sweep, or mailings within one, that failed; the next round tries again. The log says why",
    ["step"],
    registry=area,
)
LEASES_TAKEN_BACK = Counter(
    "mailing_leases_taken_back",
    "Leases of workers that fell silent: killed, cut off from the database, or stopped for too long",
    registry=area,
)
MESSAGES_TAKEN_BACK = Counter(
    "mailing_messages_taken_back",
    "Messages that such workers held: whether they had sent them is not known, so they are sent again under their ids",
    registry=area,
)


def taken_back(messages: int) -> None:
    """One lease, with so many messages."""
    LEASES_TAKEN_BACK.inc()
    MESSAGES_TAKEN_BACK.inc(messages)
