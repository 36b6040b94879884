"""How fast the start of a mailing writes its messages."""

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from bench.figures import Figure, Section
from bench.queries import count_messages, empty_messages
from bench.run import TEXT, Run
from mailing.delivery.start import start
from mailing.mailings.service import create_mailing
from mailing.mailings.validation import NewMailing


@dataclass(frozen=True, slots=True)
class SelectionRun:
    """One start."""

    rows: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.rows / self.seconds


def mailing_to(tags: tuple[str, ...], text: str) -> NewMailing:
    """A mailing that starts now."""
    now = datetime.now(UTC)
    return NewMailing(text, now, now + timedelta(hours=1), (), tags, None, None)


async def measure_selection(run: Run, clients: int) -> Section:
    """Start a mailing to all clients in this process, while nobody sends, and forget it."""
    advance = run.screen.step("Writing messages", clients)
    selected = await _select(TEXT)
    advance(selected.rows)
    return Section(
        "selection",
        "Writing an audience while nobody sends",
        [
            Figure(f"{selected.rows:,} messages written", selected.seconds, "s"),
            Figure("the same", selected.per_second, "messages/s"),
        ],
        measured=asdict(selected),
    )


async def _select(text: str) -> SelectionRun:
    mailing = await create_mailing(mailing_to((), text))
    began = time.monotonic()
    await start(mailing.id, 1)
    seconds = time.monotonic() - began
    run = SelectionRun(await count_messages(mailing.id), seconds)
    await empty_messages()
    return run
