"""Whether clients of the API go on working: `python -m releasing.schema --base REVISION`.

graphql-inspector compares schema.graphql with that of the target branch. What breaks clients is refused, unless
API_MAY_BREAK says that it is meant; what some clients may not expect, such as a new value of an enum, is shown.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from releasing.repository import ROOT, Repository, UnknownRevisionError

SCHEMA = "schema.graphql"
MEANT = "API_MAY_BREAK"
"""The variable that lets a break pass: `true`. The pipelines set it where the change has the label `api-break`."""

_PROGRAM = ROOT / "tests" / "conformance" / "compare_schemas.mjs"


class Level(StrEnum):
    """What graphql-inspector takes a change for."""

    BREAKING = "BREAKING"
    DANGEROUS = "DANGEROUS"
    NON_BREAKING = "NON_BREAKING"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two schemas."""

    level: Level
    message: str

    def __str__(self) -> str:
        return f"{self.level.replace('_', '-').lower()}: {self.message}"


def main() -> int:
    """Prints every change; 1 if one breaks clients and is not said to be meant."""
    parser = argparse.ArgumentParser(prog="python -m releasing.schema", description=__doc__)
    parser.add_argument("--base", required=True, help="the branch, tag or commit to compare with")
    asked = parser.parse_args()
    repository = Repository()
    try:
        before = repository.file_at(repository.fork_point(asked.base), SCHEMA)
    except UnknownRevisionError as e:
        print(e, file=sys.stderr)
        return 1
    changes = compare(before, (ROOT / SCHEMA).read_bytes())
    print("\n".join(map(str, changes)) or f"The API is that of {asked.base}.")
    return verdict(changes, is_meant=os.environ.get(MEANT) == "true")


def compare(before: bytes | None, after: bytes) -> list[Change]:
    """What has changed, the worst first. Without a schema before, nothing has."""
    if before is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "before.graphql"), Path(folder, "after.graphql")
        for path, content in zip(paths, (before, after), strict=True):
            path.write_bytes(content)
        said = subprocess.run([_node(), _PROGRAM, *paths], check=True, stdout=subprocess.PIPE).stdout
    return [Change(Level(one["level"]), one["message"]) for one in json.loads(said)]


def verdict(changes: list[Change], *, is_meant: bool) -> int:
    """The exit status, with what to do about it on stderr."""
    breaks = sum(change.level is Level.BREAKING for change in changes)
    if not breaks:
        return 0
    if is_meant:
        print(f"{breaks} of these break clients, as is meant ({MEANT}=true).", file=sys.stderr)
        return 0
    print(
        f"{breaks} of these break clients. Deprecate first, and add beside what is there (docs/releasing.md). If it is"
        f" meant: the label `api-break` on the merge request, or {MEANT}=true here.",
        file=sys.stderr,
    )
    return 1


def _node() -> str:
    """The one of the PATH, which `make` puts there; else that of the wheel."""
    return shutil.which("node") or str(Path(sys.executable).with_name("node"))


if __name__ == "__main__":
    sys.exit(main())
