"""What the API counts: operations, sockets, and who follows what."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from mailing.metrics.buckets import QUICK

MOST_NAMES = 100
"""Callers choose the names of operations: after so many different ones, all others are `other`."""
ANONYMOUS = "anonymous"
OTHER = "other"

area = CollectorRegistry()

OPERATIONS = Counter(
    "mailing_graphql_operations",
    "GraphQL operations that have ended: ok, refused (the caller's own mistake, or no leave), failed (ours: the log "
    "has it as graphql.unexpected_error)",
    ["type", "operation", "outcome"],
    registry=area,
)
OPERATION_SECONDS = Histogram(
    "mailing_graphql_operation_duration_seconds",
    "Queries and mutations from their first byte understood to their answer; subscriptions last, and are not in it",
    ["type", "operation"],
    buckets=QUICK,
    registry=area,
)
SUBSCRIPTIONS = Gauge(
    "mailing_subscriptions",
    "Subscriptions that are followed at this moment, by their field",
    ["subscription"],
    multiprocess_mode="livesum",
    registry=area,
)
SOCKETS = Gauge(
    "mailing_websockets",
    "WebSockets that are open",
    multiprocess_mode="livesum",
    registry=area,
)
REFUSALS = Counter(
    "mailing_auth_refusals",
    "Requests and sockets that the gate turned away, by the code that they were given: many at once are an attack, or "
    "a token that has expired",
    ["code"],
    registry=area,
)

OK, REFUSED, FAILED = OUTCOMES = ("ok", "refused", "failed")

_names: set[str] = set()
_operations: set[tuple[str, str]] = set()


def name_label(name: str | None, *, is_valid: bool) -> str:
    """The label of an operation with that name. Only one that the schema allows makes its name known."""
    if not name:
        return ANONYMOUS
    if is_valid and len(_names) < MOST_NAMES:
        _names.add(name)
    return name if name in _names else OTHER


def ended(kind: str, operation: str, outcome: str) -> None:
    """An operation has ended. With the first one all outcomes are there: a rate needs a zero before a later failure."""
    if (kind, operation) not in _operations:
        _operations.add((kind, operation))
        for each in OUTCOMES:
            OPERATIONS.labels(kind, operation, each)
    OPERATIONS.labels(kind, operation, outcome).inc()


for _kind in ("query", "mutation"):
    for _name in (ANONYMOUS, OTHER):
        for _outcome in OUTCOMES:
            OPERATIONS.labels(_kind, _name, _outcome)
