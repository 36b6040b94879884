"""What the documents tell people to type is there: commands and their options, targets of make, settings."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from mailing.cli import app
from mailing.settings import PREFIX, Settings
from mailing.timeline.entries import EntryKind
from tests.docs.documents import ROOT, code, documents

PROGRAM = typer.main.get_command(app)
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
NOT_SETTINGS = {f"{PREFIX}TOKEN", *EntryKind}
"""Read by `mailing demo` alone, on the asking side; and what happened to a mailing, as timelines name it."""

# At the beginning of what is typed, after a prompt, after another command, or inside $(…).
_CALL = re.compile(r"(?:^|[|&;(]\s*)(?:\$ )?(?:\.venv/bin/)?mailing( [^|&;<>(){`#]*|$)")
_MAKE = re.compile(r"(?:^|[|&;(]\s*)(?:\$ )?make( [^|&;<>()`#]*|$)")
_SETTING = re.compile(rf"\b{PREFIX}[A-Z0-9_]*[A-Z0-9]\b(?!_?…|\*)")

every_document = pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_every_command_and_option_of_the_program_is_one(document: Path) -> None:
    for line in code(document.read_text()):
        for arguments in _CALL.findall(line):
            assert_is_understood(_words(arguments), line)


@every_document
def test_every_target_of_make_is_one(document: Path) -> None:
    for line in code(document.read_text()):
        for arguments in _MAKE.findall(line):
            targets = [word for word in _words(arguments) if "=" not in word and not word.startswith("-")]
            assert set(targets) <= TARGETS, line


@every_document
def test_every_setting_is_one(document: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    assert set(_SETTING.findall(document.read_text())) - known == set()


def assert_is_understood(words: list[str], line: str) -> None:
    command = PROGRAM
    while words and isinstance(command, TyperGroup) and not words[0].startswith("-"):
        name = words.pop(0)
        if "|" in name:  # `mailing token create|list|revoke`
            assert set(name.split("|")) <= command.commands.keys(), line
            return
        assert name in command.commands, line
        command = command.commands[name]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert set(_options(words)) <= known | {"--help"}, line


def _options(words: list[str]) -> Iterator[str]:
    return (word.partition("=")[0] for word in words if word.startswith("--"))


def _words(text: str) -> list[str]:
    """`[--preview FILE|--send]` is written as the words in it."""
    text = re.sub(r"[\[\]…]", " ", text)
    try:
        return shlex.split(text)
    except ValueError:  # a quote that another line closes
        return text.split()
