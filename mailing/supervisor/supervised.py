"""What the supervisor asks of a part."""

from typing import Protocol


class Supervised(Protocol):
    """A process that can be started any number of times, one after the other."""

    @property
    def name(self) -> str:
        """For the person at the terminal."""

    def launch(self) -> None:
        """Start the process; need not wait until it is ready."""

    def is_ready(self) -> bool:
        """Whether it does its work. Answers at once, or within a second."""

    def exit_code(self) -> int | None:
        """As `Popen.returncode`: None while it runs."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    def last_words(self) -> str:
        """The end of its log on one line, or nothing if it writes to the terminal."""

    def tidy(self) -> None:
        """Remove what it leaves behind; called once, after the last end."""


class PartFailedError(Exception):
    """Raised when a part ends, or is silent for too long, at its first start; or a program that is to end fails."""

    def __init__(self, name: str, what: str, last_words: str = "") -> None:
        super().__init__(f"{name} {what}" + (f" ({last_words})" if last_words else ""))
        self.name = name


class StopRequestedError(Exception):
    """Raised out of a start when the stop signal came before its end."""
