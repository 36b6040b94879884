"""The lifecycle, written out by hand: every state and every event, the forbidden ones too."""

import pytest

from mailing.delivery.lifecycle import MailingEvent, MessageEvent, mailing_after, message_after
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus

NEVER = "-"

# Rows are states, columns are events.
MAILINGS = """
                 START      PAUSE      RESUME     CANCEL     FINISH
    SCHEDULED    RUNNING    -          -          CANCELLED  -
    RUNNING      -          PAUSED     -          CANCELLED  FINISHED
    PAUSED       -          -          RUNNING    CANCELLED  FINISHED
    FINISHED     -          -          -          -          -
    CANCELLED    -          -          -          -          -
"""

MESSAGES = """
                 CLAIM    RELEASE  RETRY    TAKE_BACK  ACCEPT  REFUSE  EXPIRE   GIVE_UP_UNCONFIRMED  CANCEL     READMIT
    PENDING      SENDING  -        -        -          -       -       EXPIRED  UNCONFIRMED          CANCELLED  -
    SENDING      -        PENDING  PENDING  PENDING    SENT    FAILED  EXPIRED  UNCONFIRMED          CANCELLED  -
    SENT         -        -        -        -          -       -       -        -                    -          -
    FAILED       -        -        -        -          -       -       -        -                    -          -
    EXPIRED      -        -        -        -          -       -       -        -                    -          -
    UNCONFIRMED  -        -        -        -          -       -       -        -                    -          -
    CANCELLED    -        -        -        -          -       -       -        -                    -          PENDING
"""


def cells(table: str) -> list[tuple[str, str, str | None]]:
    """(state, event, state that follows or None), for every cell of the table."""
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return [
        (state, event, None if after == NEVER else after)
        for state, *afters in rows
        for event, after in zip(header, afters, strict=True)
    ]


@pytest.mark.parametrize(("state", "event", "after"), cells(MAILINGS))
def test_what_an_event_makes_of_a_mailing(state: str, event: str, after: str | None) -> None:
    assert mailing_after(MailingStatus(state), MailingEvent(event)) == after


@pytest.mark.parametrize(("state", "event", "after"), cells(MESSAGES))
def test_what_an_event_makes_of_a_message(state: str, event: str, after: str | None) -> None:
    assert message_after(MessageStatus(state), MessageEvent(event)) == after


def test_the_tables_have_every_state_and_every_event() -> None:
    assert len(cells(MAILINGS)) == len(MailingStatus) * len(MailingEvent)
    assert len(cells(MESSAGES)) == len(MessageStatus) * len(MessageEvent)
