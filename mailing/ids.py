"""Ids as everyone outside sees them: a noun and a number, `client_42`, the same in the API, the UI, logs and mails."""

from typing import Literal

Noun = Literal["client", "mailing", "message", "token"]


def written(noun: Noun, number: int) -> str:
    """The id of a row."""
    return f"{noun}_{number}"
