"""What is measured of progress on its way from a commit to those who follow it."""

from prometheus_client import CollectorRegistry, Histogram

from mailing.metrics.buckets import QUICK

area = CollectorRegistry()

PUBLISH_LAG_SECONDS = Histogram(
    "mailing_progress_publish_lag_seconds",
    "From the first commit that changed a mailing's counts to their publication; a tenth of a second is meant, more is "
    "a slow or missing Redis, and subscribers then see changes every two seconds only",
    buckets=QUICK,
    registry=area,
)
