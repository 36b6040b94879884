"""What is counted of the lives of mailings, by whoever takes the step: a worker, or the scheduler."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from mailing.metrics.buckets import LATE

area = CollectorRegistry()

MILESTONES = Counter(
    "mailing_milestones",
    "Steps in the lives of mailings: started, audience_selected, expired, finished, removed, messages_removed",
    ["milestone"],
    registry=area,
)
START_LAG_SECONDS = Histogram(
    "mailing_start_lag_seconds",
    "How long after its time a mailing was started; a mailing made or edited after its time has its time then. More "
    "than a few seconds: scheduler or database are too slow, or were away",
    buckets=LATE,
    registry=area,
)
MATCHED = Counter(
    "mailing_clients_matched",
    "Clients that were found for the audiences of mailings; where a filter was changed, those who had their message "
    "already once more",
    registry=area,
)


def passed(event: str) -> None:
    """A milestone of a mailing has been committed: `mailing.started` and so on."""
    MILESTONES.labels(event.removeprefix("mailing.")).inc()


for _milestone in ("started", "audience_selected", "expired", "finished", "removed", "messages_removed"):
    MILESTONES.labels(_milestone)
