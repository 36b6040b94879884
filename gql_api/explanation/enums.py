"""Outcomes and causes, as enums of the schema."""

from gql_api.statuses import describe
from mailing.explanation.explanation import Cause, Outcome

__all__ = ["Cause", "Outcome"]

describe(
    Outcome,
    "Whether a client was, was not, or will be sent a mailing.",
    {
        "SENT": "The provider accepted the message.",
        "MAY_HAVE_BEEN_SENT": "A try got no answer, and it is not tried again: the client may have the message.",
        "BEING_SENT": "It is in the hands of a worker at this moment.",
        "WILL_BE_SENT": "It waits: see cause and earliestAt.",
        "WILL_NOT_BE_SENT": "It was not sent, and as things stand it will not be. An edit can change that.",
        "NOT_SENT": "It was not sent, and that is final.",
        "UNKNOWN": "It is not known any more: the mailing was deleted after it had started, or its messages are "
        "kept no longer.",
    },
    name="ExplanationOutcome",
)
describe(
    Cause,
    "Why a client was, was not, or will be sent a mailing. Others may be added: show the text of those that you do not "
    "know.",
    {
        "ACCEPTED": "The provider accepted it.",
        "UNCONFIRMED": "It was handed over, the answer was lost, and there is no further try.",
        "REFUSED": "The provider refused it for good.",
        "TRIES_USED_UP": "The provider did not take it in as many tries as it gets.",
        "MAILING_ENDED": "The mailing's end came first.",
        "MAILING_CANCELLED": "The mailing was cancelled first.",
        "MAILING_DELETED": "The mailing was deleted.",
        "MESSAGES_REMOVED": "The mailing has been over for so long that its messages were removed.",
        "CLIENT_DELETED": "The client was deleted first.",
        "CLIENT_ADDED_LATER": "The client was added after the mailing had chosen its clients.",
        "FILTER": "The filter did not let the client in when the mailing chose its clients, or does not now if it is "
        "still to choose.",
        "FILTER_CHANGED": "The client had been chosen, and a change of the filter left the client out.",
        "NOT_CHOSEN": "The mailing had not chosen the client, though by what is recorded it might have: values changed "
        "while it was choosing, or the record does not reach back that far.",
        "NO_OPEN_WINDOW": "The client's window does not open again before the mailing's end.",
        "NOT_STARTED": "The mailing waits for its start. By filter and window as they are now.",
        "BEING_CHOSEN": "The mailing is choosing its clients, or checking them against a changed filter.",
        "PAUSED": "The mailing is paused.",
        "CHANNEL_HELD": "Nothing goes out to the provider: see providerHealth.",
        "RETRY": "A try failed, and the next one is due at nextTryAt.",
        "WINDOW_CLOSED": "The client's window is closed.",
        "IN_LINE": "Nothing is in its way but the messages before it and the rate.",
        "IN_FLIGHT": "A worker has it in its hands.",
    },
    name="ExplanationCause",
)
