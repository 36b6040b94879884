import os
import subprocess
import sys

import pytest

from releasing.repository import ROOT
from releasing.schema import Change, Level, compare, verdict
from tests.conformance.node import node_path

BEFORE = b"type Query { mailing: String! note: String } enum Status { SENT }"
AFTER = b"type Query { mailing(at: Int!): String! texts: String } enum Status { SENT FAILED }"


def test_graphql_inspector_tells_what_breaks_clients() -> None:
    node_path()  # skips where there is none
    assert compare(BEFORE, AFTER) == [
        Change(Level.BREAKING, "Field 'note' was removed from object type 'Query'"),
        Change(Level.BREAKING, "Argument 'at: Int!' added to field 'Query.mailing'"),
        Change(Level.DANGEROUS, "Enum value 'FAILED' was added to enum 'Status'"),
        Change(Level.NON_BREAKING, "Field 'texts' was added to object type 'Query'"),
    ]


def test_a_first_schema_breaks_nobody() -> None:
    assert compare(None, AFTER) == []


@pytest.mark.parametrize(
    ("level", "is_meant", "status"),
    [
        (Level.BREAKING, False, 1),
        (Level.BREAKING, True, 0),
        (Level.DANGEROUS, False, 0),
        (Level.NON_BREAKING, False, 0),
    ],
)
def test_only_a_break_that_is_not_meant_is_refused(level: Level, is_meant: bool, status: int) -> None:
    assert verdict([Change(level, "m")], is_meant=is_meant) == status


def test_the_program_compares_with_the_branch_that_it_is_told() -> None:
    node_path()
    # When: a break is meant, for whoever is about to make one runs the tests, too
    told = [_run(base, API_MAY_BREAK="true") for base in ("HEAD", "no-such-branch")]

    # Then
    assert [(done.returncode, done.stdout != "") for done in told] == [(0, True), (1, False)]
    assert told[1].stderr.startswith("no-such-branch: no such commit")


def _run(base: str, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "releasing.schema", "--base", base]
    return subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False)
