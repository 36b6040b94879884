"""What workers count of the way to the provider as a whole: its breaker, and the limits of its rate."""

from prometheus_client import CollectorRegistry, Counter

from mailing.delivery.breaker import BreakerCause

area = CollectorRegistry()

OPENED = Counter(
    "mailing_provider_channel_openings",
    "How often the breaker was opened, by the worker that did it: nothing left from then on until probes succeeded",
    ["cause"],
    registry=area,
)
PROBES = Counter(
    "mailing_provider_probes",
    "Single requests that tried whether a provider that failed works again",
    ["outcome"],
    registry=area,
)
LIMIT_WAITING_SECONDS = Counter(
    "mailing_rate_limit_waiting_seconds",
    "Seconds in which a rate limit gave this process fewer permits than its requests wanted: MAILING_PROVIDER_MAX_RATE "
    "(provider), or that of a mailing; of several mailings the seconds add up",
    ["limit"],
    registry=area,
)

SUCCEEDED, FAILED = PROBES.labels("succeeded"), PROBES.labels("failed")


def opened(cause: BreakerCause) -> None:
    """This process has opened the breaker."""
    OPENED.labels(cause.value).inc()


def waited(bucket: str, seconds: float) -> None:
    """Requests waited for a permit of that bucket, which is the provider's or that of `mailing:7`."""
    (_OF_PROVIDER if bucket == "provider" else _OF_MAILINGS).inc(seconds)


_OF_PROVIDER, _OF_MAILINGS = LIMIT_WAITING_SECONDS.labels("provider"), LIMIT_WAITING_SECONDS.labels("mailing")
for _cause in BreakerCause:
    OPENED.labels(_cause.value)
