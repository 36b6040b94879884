"""Failures that a person at the terminal can do something about."""


class CommandError(Exception):
    """Raised when a command cannot do its work; each line of the text stands for itself."""


def first_line(e: BaseException) -> str:
    """What an error says, as a part of a sentence."""
    return (str(e).splitlines() or [repr(e)])[0].rstrip(".")
