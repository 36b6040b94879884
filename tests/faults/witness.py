"""The provider of a run, in a process of its own that nothing befalls: it is the witness.

It is the fake provider, and writes a journal besides: of every request, also of those that it did not take, and
whether it answered.

Run as a program: python -m tests.faults.witness FOLDER/journal.txt
"""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvloop

from mailing.niceness import add_niceness
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.fake.behaviour import Behaviour
from mailing.provider.fake.connection import Connection
from mailing.provider.fake.reply import Reply, Silence
from mailing.provider.fake.request import Request
from tests.faults.journal import JournalWriter

_NICENESS = -5
"""Its clock is what times are judged by, so it must not wait for a processor. Takes root; goes without."""


class WitnessedBehaviour(Behaviour):
    """Writes down what arrives."""

    def __init__(self, journal: JournalWriter) -> None:
        super().__init__(Scenario())
        self.journal = journal

    def send(self, id_in_path: bytes, authorization: bytes | None, body: bytes) -> tuple[Reply | Silence, float]:
        before = self._taken()
        outcome = super().send(id_in_path, authorization, body)
        self.journal.arrived(int(id_in_path), taken=self._taken() > before)
        return outcome

    def _taken(self) -> int:
        return self.ledger.accepted + self.ledger.dropped


class WitnessedConnection(Connection):
    """Writes down what is answered. It has one request at a time."""

    def __init__(self, behaviour: WitnessedBehaviour, *more: Any) -> None:
        super().__init__(behaviour, *more)
        self._journal = behaviour.journal
        self._number = 0

    def _take_send(self, request: Request, body: bytes) -> None:
        self._number = self._journal.next_number
        super()._take_send(request, body)

    def _end_send(self, outcome: Reply | Silence, keep_alive: bool) -> None:
        if isinstance(outcome, Reply) and not self._is_over:
            self._journal.answered(self._number, outcome.status)
        super()._end_send(outcome, keep_alive)


class Witness(FakeProvider):
    """The fake provider that keeps a journal."""

    _behaviour: WitnessedBehaviour

    def __init__(self, journal: JournalWriter) -> None:
        super().__init__()
        self._behaviour = WitnessedBehaviour(journal)

    def _connection(self) -> Connection:
        return WitnessedConnection(self._behaviour, self._admin, self._connections)


async def serve(path: Path) -> None:
    """Until SIGTERM; then the journal is complete."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with path.open("w") as file:
        async with Witness(JournalWriter(file)) as witness:
            print(witness.url, witness.admin_url, flush=True)
            await stop.wait()


if __name__ == "__main__":
    with suppress(PermissionError):
        add_niceness(_NICENESS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(sys.argv[1])))
