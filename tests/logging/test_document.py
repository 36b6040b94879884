"""docs/logs.md names every event that there is, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mailing.logging.levels import Area, area_of

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/logs.md").read_text()
_EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
_LOGGED_BY = {
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "critical",
    "log",
    "tell",
    "Outage",
    "log_milestone",
} | {
    "_tell_each",
    "_write_each",
}


def test_every_event_is_documented_and_none_else() -> None:
    # When
    _, events = DOCUMENT.split("## Events")
    documented = {
        name
        for cell in re.findall(r"^\| (`.+?) \|", events, re.MULTILINE)
        for name in re.findall(r"`([a-z_.]+)`", cell)
    }

    # Then
    assert documented == {name for name, _ in _logged()}


def test_areas_are_documented_with_their_events() -> None:
    headings = {name.strip() for line in re.findall(r"^### (.+)$", DOCUMENT, re.MULTILINE) for name in line.split(",")}
    assert headings | {Area.LIBRARIES} == {*Area}


def test_no_event_of_ours_is_taken_for_a_library_s() -> None:
    assert {module for _, module in _logged() if area_of(module) is Area.LIBRARIES} == set()


def _logged() -> Iterator[tuple[str, str]]:
    """Events, and the modules that log them, from the code."""
    for package in ("mailing", "gql_api", "tasks"):
        for file in (ROOT / package).rglob("*.py"):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(file.read_text())):
                for name in _events(node):
                    yield name, module


def _events(node: ast.AST) -> list[str]:
    candidate: ast.expr | None = None
    if isinstance(node, ast.keyword) and node.arg == "outage":
        candidate = node.value
    elif isinstance(node, ast.Call) and node.args:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "Repeated":
            candidate = node.args[1]  # Behind the logger.
        elif called in _LOGGED_BY:
            candidate = node.args[0]
    if isinstance(candidate, ast.Constant) and isinstance(candidate.value, str) and _EVENT.fullmatch(candidate.value):
        return [candidate.value]
    return []
