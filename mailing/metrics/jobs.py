"""What is counted of jobs: by whoever sends them, and by the worker that does them."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from mailing.metrics.buckets import SLOW

sent = CollectorRegistry()
"""The area of all who send jobs."""
done = CollectorRegistry()
"""The area of who does them."""

SENT = Counter(
    "mailing_jobs_sent",
    "Wake-ups for workers, by whether the queue took them; one that was refused is found in the database",
    ["task", "outcome"],
    registry=sent,
)
DURATION_SECONDS = Histogram(
    "mailing_job_duration_seconds",
    "Jobs from their begin to their end: failed ones are in the log, with a traceback. A pump works for "
    "MAILING_PUMP_TURN_SECONDS at most",
    ["task", "outcome"],
    buckets=SLOW,
    registry=done,
)
WAIT_SECONDS = Histogram(
    "mailing_job_wait_seconds",
    "How long jobs without a delay lay in the queue: more than a second means that workers have too few threads free",
    ["task"],
    buckets=SLOW,
    registry=done,
)
