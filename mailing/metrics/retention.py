"""What the scheduler counts of the messages that are kept no longer."""

from prometheus_client import CollectorRegistry, Counter, Gauge

area = CollectorRegistry()

MESSAGES = Counter(
    "mailing_retention_messages",
    "Messages that were removed because their mailings ended more than MAILING_RETENTION_DAYS ago",
    registry=area,
)
ATTEMPTS = Counter(
    "mailing_retention_attempts",
    "Requests to the provider that were removed with them",
    registry=area,
)
LAST_DONE = Gauge(
    "mailing_retention_last_done_timestamp_seconds",
    "When nothing was left to remove, as last seen; 0 where MAILING_RETENTION_DAYS is not set, or before that. The "
    "highest of all schedulers counts: days ago, removing does not keep up with sending, or fails",
    multiprocess_mode="livemax",
    registry=area,
)
