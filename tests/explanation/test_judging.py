"""Whether and why, as a table of situations, with the sentence that goes with each."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from mailing.delivery.breaker import BreakerCause
from mailing.explanation import wording
from mailing.explanation.explanation import Cause, Outcome
from mailing.explanation.service import explanation_of
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.timeline.entries import EntryKind
from tests.explanation.situations import (
    AFTERNOON,
    HOUR,
    NOW,
    OPEN,
    SELECTED,
    STARTED,
    attempt,
    client,
    event,
    facts,
    mailing,
    message,
)  # fmt: skip

S, O, C, K = MessageStatus, Outcome, Cause, EntryKind  # noqa: E741
SOON = NOW + 2 * HOUR
AGO = NOW - HOUR / 2
MINUTE = timedelta(minutes=1)
ENDED = {"ended_at": AGO}
END = NOW + 24 * HOUR
"""Of the mailing."""
NOT_SELECTED = {"is_selected": False}
HELD_LONG = replace(OPEN, next_probe_at=SOON)
SCHEDULED = {"status": MailingStatus.SCHEDULED, "starts_at": NOW + HOUR, **NOT_SELECTED}

WITH_A_MESSAGE = [
    (message(status=S.SENT, **ENDED), O.SENT, C.ACCEPTED, "Sent: the provider accepted it on 2030-03-01 11:30 in UTC."),
    (
        message(status=S.SENT, attempts=[attempt(), attempt(number=2)], **ENDED),
        O.SENT,
        C.ACCEPTED,
        "Sent: the provider accepted it with request 2 on 2030-03-01 11:30 in UTC.",
    ),
    (message(status=S.SENDING), O.BEING_SENT, C.IN_FLIGHT, "It is being sent at this moment."),
    (
        message(status=S.UNCONFIRMED, reason="timeout", **ENDED),
        O.MAY_HAVE_BEEN_SENT,
        C.UNCONFIRMED,
        "Perhaps sent: a try got no answer (timeout), and it is not tried again.",
    ),
    (
        message(status=S.FAILED, reason="HTTP 400", **ENDED),
        O.NOT_SENT,
        C.REFUSED,
        "Not sent: the provider refused it for good (HTTP 400).",
    ),
    (
        message(status=S.FAILED, reason="tries used up: HTTP 503", **ENDED),
        O.NOT_SENT,
        C.TRIES_USED_UP,
        "Not sent: the provider did not take it in any try (tries used up: HTTP 503).",
    ),
    (
        message(status=S.EXPIRED, ended_at=END),
        O.NOT_SENT,
        C.MAILING_ENDED,
        "Not sent: the mailing's end came on 2030-03-02 12:00:00 UTC first. It was never tried: see the timeline for "
        "what it waited for.",
    ),
    (
        message(status=S.EXPIRED, attempts=[attempt()], ended_at=END),
        O.NOT_SENT,
        C.MAILING_ENDED,
        "Not sent: the mailing's end came on 2030-03-02 12:00:00 UTC first. The one request to the provider got "
        "HTTP 503.",
    ),
    (
        message(status=S.EXPIRED, attempts=[attempt()], **ENDED),
        O.NOT_SENT,
        C.MAILING_ENDED,
        "Not sent: no further try fitted in before the mailing's end. The one request to the provider got HTTP 503.",
    ),
    (
        message(status=S.CANCELLED, **ENDED),
        O.NOT_SENT,
        C.MAILING_CANCELLED,
        "Not sent: the mailing was cancelled on 2030-03-01 11:30 in UTC.",
    ),
    (
        message(status=S.CANCELLED, reason="client deleted", **ENDED),
        O.NOT_SENT,
        C.CLIENT_DELETED,
        "Not sent: the client was deleted on 2030-03-01 11:30:00 UTC.",
    ),
    (
        message(status=S.CANCELLED, reason="left out by the changed filter", **ENDED),
        O.NOT_SENT,
        C.FILTER_CHANGED,
        "Not sent: the mailing's filter was changed, and leaves the client out.",
    ),
]


@pytest.mark.parametrize(("given", "outcome", "cause", "text"), WITH_A_MESSAGE)
def test_a_message_with_its_final_status_is_explained(given: Any, outcome: Outcome, cause: Cause, text: str) -> None:
    told = explanation_of(facts(message=given))

    assert (told.judgement.outcome, told.judgement.cause, told.text) == (outcome, cause, text)
    assert told.judgement.at == given.ended_at
    assert told.judgement.earliest_at is None


WAITING = [
    ({}, C.IN_LINE, NOW, "Not sent yet: it is its turn as soon as those before it are sent."),
    (
        {"mailing": mailing(window=AFTERNOON)},
        C.WINDOW_CLOSED,
        SOON,
        "Not sent yet: the client's window is closed. At the earliest 2030-03-01 14:00 in UTC.",
    ),
    (
        {"mailing": mailing(window=AFTERNOON), "message": message(timezone="Europe/Moscow")},
        C.IN_LINE,
        NOW,
        "Not sent yet: it is its turn as soon as those before it are sent.",
    ),
    (
        {"message": message(due_at=SOON, attempts=[attempt()], is_uncertain=True)},
        C.RETRY,
        SOON,
        "Not sent yet: the last try failed, and it is tried again. At the earliest 2030-03-01 14:00 in UTC. "
        "A try got no answer, so the client may have it already.",
    ),
    (
        {"message": message(due_at=NOW + MINUTE), "mailing": mailing(window=AFTERNOON)},
        C.WINDOW_CLOSED,
        SOON,
        "Not sent yet: the client's window is closed. At the earliest 2030-03-01 14:00 in UTC.",
    ),
    (
        {"message": message(due_at=NOW + MINUTE, attempts=[attempt(next_try_at=AGO)])},
        C.IN_LINE,
        NOW + MINUTE,
        "Not sent yet: it is its turn as soon as those before it are sent. At the earliest 2030-03-01 12:01 in UTC.",
    ),
    (
        {"channel": OPEN},
        C.CHANNEL_HELD,
        NOW + HOUR,
        "Not sent yet: nothing goes out to the provider since 2030-03-01 11:00:00 UTC, for the provider does not work "
        "(20 of 20). At the earliest 2030-03-01 13:00 in UTC.",
    ),
    (
        {"channel": replace(OPEN, cause=BreakerCause.TOKEN_REFUSED, reason="HTTP 401", next_probe_at=NOW)},
        C.CHANNEL_HELD,
        NOW,
        "Not sent yet: nothing goes out to the provider since 2030-03-01 11:00:00 UTC, for the provider refuses our "
        "token (HTTP 401).",
    ),
    (
        {"mailing": mailing(status=MailingStatus.PAUSED), "channel": OPEN},
        C.PAUSED,
        None,
        "Not sent yet: the mailing is paused, until somebody resumes it.",
    ),
    (
        {"mailing": mailing(is_being_checked=True)},
        C.BEING_CHOSEN,
        NOW,
        "Not sent yet: the mailing is choosing its clients.",
    ),
    (
        {"message": None, "mailing": mailing(**SCHEDULED), "mailing_events": []},
        C.NOT_STARTED,
        NOW + HOUR,
        "Not sent yet: the mailing has not started. At the earliest 2030-03-01 13:00 in UTC.",
    ),
    (
        {"message": None, "mailing": mailing(window=AFTERNOON, **SCHEDULED), "mailing_events": []},
        C.NOT_STARTED,
        SOON,
        "Not sent yet: the mailing has not started. At the earliest 2030-03-01 14:00 in UTC.",
    ),
    (
        {"message": None, "mailing": mailing(**SCHEDULED), "mailing_events": [], "channel": HELD_LONG},
        C.NOT_STARTED,
        SOON,
        "Not sent yet: the mailing has not started. At the earliest 2030-03-01 14:00 in UTC.",
    ),
    (
        {"message": None, "mailing": mailing(**NOT_SELECTED), "mailing_events": [STARTED]},
        C.BEING_CHOSEN,
        NOW,
        "Not sent yet: the mailing is choosing its clients.",
    ),
]


@pytest.mark.parametrize(("changes", "cause", "earliest_at", "text"), WAITING)
def test_what_waits_is_told_what_for_and_until_when(
    changes: dict[str, Any], cause: Cause, earliest_at: Any, text: str
) -> None:
    told = explanation_of(facts(**changes))

    assert (told.judgement.outcome, told.judgement.cause, told.text) == (O.WILL_BE_SENT, cause, text)
    assert told.judgement.earliest_at == earliest_at


NOT_IN_TIME = (
    "It will not be sent, as things stand: what it waits for is not over before the mailing's end on "
    "2030-03-01 13:00:00 UTC. A later end would change that."
)
NO_WINDOW = (
    "It will not be sent, as things stand: the client's window does not open again before the mailing's end on "
    "{end}. A later end or another window would change that."
)
TOO_LATE = [
    (
        {"mailing": mailing(window=AFTERNOON, ends_at=NOW + HOUR)},
        C.NO_OPEN_WINDOW,
        None,
        NO_WINDOW.format(end="2030-03-01 13:00 in UTC"),
    ),
    (
        {"mailing": mailing(ends_at=NOW + HOUR), "message": message(due_at=SOON, attempts=[attempt()])},
        C.MAILING_ENDED,
        None,
        NOT_IN_TIME,
    ),
    ({"mailing": mailing(ends_at=NOW + HOUR), "channel": HELD_LONG}, C.MAILING_ENDED, None, NOT_IN_TIME),
    (
        {"mailing": mailing(ends_at=NOW)},
        C.MAILING_ENDED,
        NOW,
        "Not sent: the mailing's end came on 2030-03-01 12:00:00 UTC first. It was never tried: see the timeline for "
        "what it waited for.",
    ),
    (
        {"message": message(timezone="Mars/Base"), "mailing": mailing(window=AFTERNOON)},
        C.NO_OPEN_WINDOW,
        None,
        NO_WINDOW.format(end="2030-03-02 12:00:00 UTC"),
    ),
    (
        {"mailing": mailing(is_being_checked=True, tags=["new"], **NOT_SELECTED)},
        C.FILTER_CHANGED,
        None,
        "Not sent: the mailing's filter was changed, and leaves the client out.",
    ),
]


@pytest.mark.parametrize(("changes", "cause", "decided_at", "text"), TOO_LATE)
def test_what_waits_in_vain_is_told_so(
    changes: dict[str, Any], cause: Cause, decided_at: datetime | None, text: str
) -> None:
    told = explanation_of(facts(**changes))

    assert (told.judgement.outcome, told.judgement.cause, told.text) == (O.WILL_NOT_BE_SENT, cause, text)
    assert told.judgement.at == decided_at


FOR_OTHERS = {"operator_codes": ["900"], "tags": ["vip"]}
RETAGGED = event(K.CLIENT_EDITED, AGO, operator_code=("900", "916"))
REFILTERED = event(K.MAILING_EDITED, AGO, operator_codes=(["900"], []))
DELETED = event(K.CLIENT_DELETED, AGO, operator_code=("916", None), tag=("vip", None))
PERHAPS = (
    "Not sent: the mailing had not chosen the client. By what is recorded it might have: something changed while "
    "it was choosing, or the record does not reach back that far."
)
WITHOUT_A_MESSAGE = [
    (
        {"mailing": mailing(**FOR_OTHERS)},
        C.FILTER,
        "Not sent: when the mailing chose its clients, it was for the operators 900, the client's was 916.",
    ),
    (
        {"mailing_events": [STARTED, SELECTED, REFILTERED]},
        C.FILTER,
        "Not sent: when the mailing chose its clients, it was for the operators 900, the client's was 916. Now the "
        "client matches, but the choice was made then.",
    ),
    ({"mailing": mailing(**FOR_OTHERS), "client_events": [RETAGGED]}, C.NOT_CHOSEN, PERHAPS),
    (
        {"client": client(created_at=AGO)},
        C.CLIENT_ADDED_LATER,
        "Not sent: the client was added after the mailing had chosen its clients on 2030-03-01 11:00:00 UTC.",
    ),
    ({"client_events": [event(K.CLIENT_CREATED, SELECTED.at + MINUTE)]}, C.CLIENT_ADDED_LATER, None),
    (
        {"client": None, "client_events": [event(K.CLIENT_DELETED, SELECTED.at - MINUTE)]},
        C.CLIENT_DELETED,
        "Not sent: the client was deleted on 2030-03-01 10:59:00 UTC.",
    ),
    (
        {"client": None, "client_events": [DELETED], "mailing": mailing(**FOR_OTHERS)},
        C.FILTER,
        "Not sent: when the mailing chose its clients, it was for the operators 900, the client's was 916.",
    ),
    (
        {"mailing": mailing(**SCHEDULED, operator_codes=["900"]), "mailing_events": []},
        C.FILTER,
        "It will not be sent, as things stand: it is for the operators 900, the client's is 916.",
    ),
    (
        {"client": None, "client_events": [DELETED], "mailing": mailing(**SCHEDULED), "mailing_events": []},
        C.CLIENT_DELETED,
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "cause", "text"), WITHOUT_A_MESSAGE)
def test_one_whom_a_running_mailing_has_not_chosen_is_told_why(
    changes: dict[str, Any], cause: Cause, text: str | None
) -> None:
    told = explanation_of(facts(message=None, **changes))

    assert (told.judgement.outcome, told.judgement.cause) == (O.WILL_NOT_BE_SENT, cause)
    assert text in (None, told.text)


def test_once_the_mailing_is_over_it_is_final_that_it_was_not_sent() -> None:
    over = facts(message=None, mailing=mailing(status=MailingStatus.FINISHED, **FOR_OTHERS))

    assert explanation_of(over).judgement.outcome is O.NOT_SENT


def test_a_mailing_that_was_cancelled_before_it_started_was_not_sent() -> None:
    cancelled = event(K.MAILING_CANCELLED, AGO)
    told = explanation_of(
        facts(
            message=None,
            mailing=mailing(status=MailingStatus.CANCELLED, is_closed=True, **NOT_SELECTED),
            mailing_events=[cancelled],
        )
    )

    assert (told.judgement.outcome, told.judgement.cause, told.judgement.at) == (O.NOT_SENT, C.MAILING_CANCELLED, AGO)


@pytest.mark.parametrize(
    ("events", "outcome", "text"),
    [
        (
            [STARTED, event(K.MAILING_DELETED, AGO, user="ann")],
            O.UNKNOWN,
            "Not known any more: the mailing was deleted by ann on 2030-03-01 11:30:00 UTC, and with it what had been "
            "sent.",
        ),
        (
            [event(K.MAILING_DELETED, AGO, user="everyone")],
            O.NOT_SENT,
            "Not sent: the mailing was deleted on 2030-03-01 11:30:00 UTC, before it started.",
        ),
    ],
)
def test_of_a_deleted_mailing_only_what_is_certain_is_told(events: Any, outcome: Outcome, text: str) -> None:
    told = explanation_of(facts(message=None, mailing=None, mailing_events=events))

    assert (told.judgement.outcome, told.judgement.cause, told.text) == (outcome, C.MAILING_DELETED, text)
    assert (told.window, told.filter_then, told.filter_now) == (None, None, None)


REMOVED = {"status": MailingStatus.FINISHED, "is_closed": True, "messages_removed_at": AGO}


@pytest.mark.parametrize(
    ("changes", "outcome", "cause", "text"),
    [
        (
            {"mailing": mailing(**REMOVED), "mailing_events": [STARTED, SELECTED]},
            O.UNKNOWN,
            C.MESSAGES_REMOVED,
            "Not known any more: the mailing's messages were removed on 2030-03-01 11:30:00 UTC. "
            "Its statistics are still there.",
        ),
        (
            {
                "mailing": mailing(**REMOVED),
                "mailing_events": [STARTED, SELECTED, replace(event(K.MAILING_MESSAGES_REMOVED, AGO), days=90)],
            },
            O.UNKNOWN,
            C.MESSAGES_REMOVED,
            "Not known any more: the mailing's messages were removed on 2030-03-01 11:30:00 UTC, for they are kept for "
            "90 days after a mailing's end. Its statistics are still there.",
        ),
        # Whom the filter leaves out now, an earlier one may have let in.
        ({"mailing": mailing(**REMOVED, operator_codes=["900"])}, O.UNKNOWN, C.MESSAGES_REMOVED, None),
        ({"mailing": mailing(**REMOVED, **NOT_SELECTED)}, O.UNKNOWN, C.MESSAGES_REMOVED, None),
        (
            {"mailing": mailing(**REMOVED), "client": client(created_at=NOW - MINUTE)},
            O.NOT_SENT,
            C.CLIENT_ADDED_LATER,
            None,
        ),
    ],
)
def test_once_messages_are_removed_only_what_is_certain_is_told(
    changes: dict[str, Any], outcome: Outcome, cause: Cause, text: str | None
) -> None:
    told = explanation_of(facts(message=None, **changes))

    assert (told.judgement.outcome, told.judgement.cause) == (outcome, cause)
    assert text in (None, told.text)


def test_there_is_a_sentence_for_every_cause() -> None:
    assert wording._SENTENCES.keys() == set(Cause)
