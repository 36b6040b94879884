"""The states of the product, as enums of the schema with a description of each value."""

from enum import StrEnum

import strawberry

from mailing.models import MailingStatus, MessageStatus


def _describe(enum: type[StrEnum], description: str, values: dict[str, str]) -> None:
    """Make the enum one of the schema. From outside of it, for the product knows nothing of GraphQL.

    Raises KeyError when a value has no description.
    """
    definition = strawberry.enum(enum, description=description).__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    for value in definition.values:
        value.description = values[value.name]


_describe(
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
_describe(
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
