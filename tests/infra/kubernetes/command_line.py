"""Whether the program would take a command, without running it."""

from collections.abc import Sequence

from typer.main import get_command

from mailing.cli import app


def check(words: Sequence[str]) -> None:
    """Raises what a person would be told if `mailing` has no such command, or the command no such option."""
    program, *rest = words
    assert program == "mailing", words
    command = get_command(app)
    while hasattr(command, "commands"):
        name, *rest = rest
        command = command.commands[name]
    command.make_context(command.name, rest)
