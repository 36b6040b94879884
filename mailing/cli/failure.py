"""Failures that a person at the terminal can do something about."""


class CommandError(Exception):
    """Raised when a command cannot do its work; each line of the text stands for itself."""
