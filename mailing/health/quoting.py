"""What an error says, as a part of a sentence that anybody may read."""

import re
import socket
from typing import Final

MOST_CHARACTERS: Final = 200

_CREDENTIALS: Final = re.compile(r"://[^/\s@]*@")

_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (ConnectionRefusedError, "connection refused"),
    (ConnectionResetError, "it broke the connection off"),
    (FileNotFoundError, "there is no such socket"),
    (PermissionError, "this user may not connect to it"),
    (TimeoutError, "no answer in time"),
    (socket.gaierror, "name not found"),
)
"""Of errors of connections, whose own texts are of the operating system and the library."""


def said(error: BaseException) -> str:
    """What the error at the bottom of it all says: one line, short, printable, without what a URL has before its @.

    The name of the error stands in for one that says nothing.
    """
    error = root_of(error)
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    lines = str(error).strip().splitlines()
    text = _CREDENTIALS.sub("://", lines[0] if lines else "")
    return "".join(c if c.isprintable() else "?" for c in text[:MOST_CHARACTERS]).rstrip(". ") or type(error).__name__


def root_of(error: BaseException) -> BaseException:
    """The first of a chain of errors of which each was raised from the one before, or while that was handled.

    What cancelled something is no error: a TimeoutError stands for itself.
    """
    while True:
        below = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if not isinstance(below, Exception):
            return error
        error = below
