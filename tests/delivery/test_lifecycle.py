"""The lifecycle, written out by hand: every state and every event, the forbidden ones too."""

import re
from pathlib import Path

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


def drawn(heading: str) -> set[tuple[str, str, str]]:
    """(state, event, state that follows) of each arrow in that section's diagram."""
    page = Path(__file__).parents[2].joinpath("docs/lifecycle.md").read_text()
    section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    arrows = re.findall(r"^ +(\w+) --> (\w+): (.+)$", section, re.MULTILINE)
    return {(before, event, after) for before, after, events in arrows for event in events.split(", ")}


@pytest.mark.parametrize(("heading", "table"), [("Mailings", MAILINGS), ("Messages", MESSAGES)])
def test_the_documents_diagram_shows_every_change_and_no_other(heading: str, table: str) -> None:
    assert drawn(heading) == {(state, event, after) for state, event, after in cells(table) if after}
