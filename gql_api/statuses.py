"""The states of the product, as enums of the schema with a description of each value."""

from enum import Enum
from typing import Annotated

import strawberry

from mailing.delivery.breaker import SUCCESSES_TO_CLOSE, BreakerCause, BreakerState
from mailing.models import MailingStatus, MessageStatus
from mailing.reports.figures import Risk
from mailing.reports.risk import STALLED_AFTER


def describe(enum: type[Enum], description: str, values: dict[str, str], *, name: str | None = None) -> None:
    """Make the enum one of the schema. From outside of it, for the product knows nothing of GraphQL.

    Raises KeyError when a value has no description.
    """
    definition = strawberry.enum(enum, name=name, description=description).__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    for value in definition.values:
        value.description = values[value.name]


describe(
    MailingStatus,
    "Where a mailing stands.",
    {
        "SCHEDULED": "Waits for startsAt and then starts by itself.",
        "RUNNING": "Its messages are being sent, each within the mailing's window by the client's own clock.",
        "PAUSED": "Nothing is sent until it is resumed; endsAt holds all the same.",
        "FINISHED": "Over: every message has its final status. At endsAt it stays RUNNING or PAUSED while requests are "
        "in flight.",
        "CANCELLED": "Cancelled before it was over; nothing more is sent.",
    },
)
describe(
    MessageStatus,
    "Where a message stands. SENT, FAILED, EXPIRED, UNCONFIRMED and CANCELLED are final.",
    {
        "PENDING": "Waits for its time: the first try, the client's window, or another try after a failure.",
        "SENDING": "In the hands of a worker.",
        "SENT": "The provider accepted it.",
        "FAILED": "The provider refused it for good, or its tries are used up.",
        "EXPIRED": "The mailing ended first; it was never accepted.",
        "UNCONFIRMED": "It was handed over, the answer was lost, and the end left no time to ask again.",
        "CANCELLED": "The mailing was cancelled, or the client deleted or no longer chosen, before it was sent.",
    },
)
describe(
    BreakerState,
    "Whether messages go out to the provider. The word is that of the breaker in a fuse box: CLOSED is the good state, "
    "the current flows; OPEN means that it has tripped.",
    {
        "CLOSED": "All is well: messages are sent as they are due.",
        "OPEN": "Sending is stopped, for the provider does not work. No message is lost or loses a try; each waits, as "
        "long as its mailing lasts. At nextProbeAt the provider is tried with one message.",
        "HALF_OPEN": "The provider is being tried, with one message at a time; all others wait. "
        f"{SUCCESSES_TO_CLOSE} in a row that it answers properly lead to CLOSED, one failure to OPEN.",
    },
)
describe(
    BreakerCause,
    "Why messages do not go out to the provider.",
    {
        "FAILURES": "Too many requests found no working provider: no connection, no answer in time, an answer that is "
        "no answer, or HTTP 5xx. Nothing has to be done here: sending goes on by itself once the provider works.",
        "TOKEN_REFUSED": "The provider, or a proxy on the way, does not accept our credentials. Put a valid token into "
        "the file that MAILING_PROVIDER_TOKEN_FILE names: sending then goes on by itself. One in "
        "MAILING_PROVIDER_TOKEN, or at HTTP 407 the proxy's password in MAILING_PROVIDER_PROXY, needs a restart "
        "of the workers.",
    },
    name="ProviderProblem",
)
describe(
    Risk,
    "Why a mailing will miss its end, if nothing changes.",
    {
        "PAUSED": "It is paused.",
        "HELD": "Nothing leaves to the provider: see providerHealth.",
        "STALLED": "Messages are due and none was sent in the last hour, although it has run for "
        f"{STALLED_AFTER.total_seconds() / 60:g} minutes.",
        "TOO_SLOW": "The time that is left is too short at the rate seen, or at maxRate.",
        "CLOSED": "In some time zones its window does not open again before endsAt.",
    },
    name="MailingRiskCause",
)

MessageStatuses = Annotated[
    list[MessageStatus] | None,
    strawberry.argument(description="Only messages with one of these statuses. Null or empty: any."),
]
