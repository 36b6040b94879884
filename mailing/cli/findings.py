"""How `mailing doctor` shows what it found: a table on a terminal, lines elsewhere, JSON for machines."""

import json
from collections.abc import Sequence
from typing import Final

from rich.table import Column, Table
from rich.text import Text

from mailing.cli.screen import console
from mailing.health.finding import Finding, Level, worst

_MARKS: Final = {
    Level.OK: Text("✓", "green"),
    Level.WARNING: Text("!", "bold yellow"),
    Level.PROBLEM: Text("✗", "bold red"),
}


def show(findings: Sequence[Finding]) -> None:
    """For people, with a last line that sums it up."""
    if console.is_terminal:
        console.print(_table(findings))
    else:
        for finding in findings:
            print(f"{finding.level.value:8}{finding.subject}: {finding.what}")
            if finding.advice:
                print(f"{'':8}{finding.advice}")
    console.print(_summary(findings), soft_wrap=True, markup=False)


def show_json(findings: Sequence[Finding]) -> None:
    """One object: `status` is the worst level, `findings` has all in their order."""
    told = {"status": worst(findings).value, "findings": [finding.as_json() for finding in findings]}
    print(json.dumps(told, ensure_ascii=False, indent=2))


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(Column(no_wrap=True), Column(style="bold"), Column(overflow="fold"), box=None, show_header=False)
    for finding in findings:
        words = Text(finding.what)
        if finding.advice:
            words.append(f"\n{finding.advice}", "cyan")
        table.add_row(_MARKS[finding.level], finding.subject, words)
    return table


def _summary(findings: Sequence[Finding]) -> str:
    problems, warnings = (sum(one.level is level for one in findings) for level in (Level.PROBLEM, Level.WARNING))
    if not problems and not warnings:
        return "All is well."
    return f"{_counted(problems, 'problem')}, {_counted(warnings, 'warning')}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count or 'no'} {noun}s"
