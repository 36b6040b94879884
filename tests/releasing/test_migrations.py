import subprocess
import sys

import pytest

from releasing.migrations import FOLDER, against_history, disorder
from releasing.repository import ROOT
from tests.releasing.conftest import Clone

FIRST, SECOND, THIRD = (f"{FOLDER}/{name}.py" for name in ("0001_initial", "0002_tokens", "0003_events"))
SQL = f"{FOLDER}/sql/0001_engine.sql"


def migration(after: str | None = None, does: str = "pass") -> str:
    needs = f'[("mailing", "{after}")]' if after else "[]"
    return f"class Migration:\n    dependencies = {needs}\n\n    def apply(self):\n        {does}\n"


@pytest.fixture
def history(clone: Clone) -> Clone:
    """A branch `change` that has come off main, where two migrations are."""
    clone.write(FIRST, migration())
    clone.write(SECOND, migration("0001_initial"))
    clone.write(SQL, "CREATE TABLE client ();\n")
    clone.commit()
    clone.run("switch", "--quiet", "--create", "change")
    return clone


def test_a_further_migration_is_welcome(history: Clone) -> None:
    history.write(THIRD, migration("0002_tokens"))
    history.write(f"{FOLDER}/sql/0003_events.sql", "CREATE TABLE event ();\n")
    assert against_history(history, "main") == []


@pytest.mark.parametrize("where", ["main", "v1.0.0"])
@pytest.mark.parametrize(
    ("path", "text"), [(SQL, "CREATE TABLE client (id int);\n"), (SECOND, migration("0001_initial", does="print()"))]
)
def test_what_is_there_already_is_not_changed(history: Clone, where: str, path: str, text: str) -> None:
    # Given
    if where != "main":
        history.run("tag", where)

    # When
    history.write(path, text)

    # Then
    assert against_history(history, None if where != "main" else where) == [
        f"{path}: {where} has it, so it must stay as it is; write a new migration"
    ]


def test_it_is_not_taken_away(history: Clone) -> None:
    (history.root / SECOND).unlink()
    assert against_history(history, "main") == [f"{SECOND}: main has it, so it must stay"]


def test_python_may_be_laid_out_anew(history: Clone) -> None:
    history.write(SECOND, f"# Tokens\n{migration('0001_initial').replace('(', '( ')}")
    assert against_history(history, "main") == []


def test_what_came_to_the_branch_since_is_not_missed(history: Clone) -> None:
    # Given
    history.run("switch", "--quiet", "main")
    history.write(THIRD, migration("0002_tokens"))
    history.commit()
    history.run("switch", "--quiet", "change")

    # Then
    assert against_history(history, "main") == []


def test_two_do_not_take_the_same_number(history: Clone) -> None:
    # Given
    history.run("switch", "--quiet", "main")
    history.write(THIRD, migration("0002_tokens"))
    history.commit()
    history.run("switch", "--quiet", "change")

    # When
    history.write(f"{FOLDER}/0003_history.py", migration("0002_tokens"))

    # Then
    assert against_history(history, "main") == [
        f"{FOLDER}/0003_history.py: main has {THIRD} by now; take the next number"
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({FIRST: migration(), SECOND: migration("0001_initial")}, []),
        (
            {FIRST: migration(), THIRD: migration("0001_initial")},
            [f"{THIRD}: must be called 0002_ and what it does in a-z, 0-9 and _"],
        ),
        (
            {FIRST: migration(), f"{FOLDER}/0002-Tokens.py": migration("0001_initial")},
            [f"{FOLDER}/0002-Tokens.py: must be called 0002_ and what it does in a-z, 0-9 and _"],
        ),
        (
            {FIRST: migration(), SECOND: migration()},
            [f"{SECOND}: must depend on [('mailing', '0001_initial')], not on []"],
        ),
        (
            {FIRST: migration(), SECOND: migration("0001_initial"), THIRD: migration("0001_initial")},
            [f"{THIRD}: must depend on [('mailing', '0002_tokens')], not on [('mailing', '0001_initial')]"],
        ),
    ],
)
def test_they_are_one_row(files: dict[str, str], said: list[str]) -> None:
    assert disorder({path: text.encode() for path, text in files.items()}) == said


def test_those_of_this_project_are_in_order() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "releasing.migrations"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "The migrations are in order.\n", "")
