"""Whether a tag may become a release: `python -m releasing.tag v1.4.0`.

Its number is the project's, the changelog tells of it, and it is as large a step as what it does to clients of the API
(docs/releasing.md).
"""

import argparse
import re
import sys
import tomllib
from typing import NamedTuple

from releasing.notes import CHANGELOG, NoSuchSectionError, notes, unreleased
from releasing.repository import ROOT, Repository
from releasing.schema import SCHEMA, Level, compare

_TAG = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class Version(NamedTuple):
    """MAJOR.MINOR.PATCH; compares as numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def breaks(self, earlier: "Version") -> bool:
        """Whether the step from there says that something may break. Before 1.0.0 the second number says it."""
        if earlier.major == 0:
            return self[:2] > earlier[:2]
        return self.major > earlier.major


def main() -> int:
    """Prints what is in the way of the release, a line each; 0 if nothing is."""
    parser = argparse.ArgumentParser(prog="python -m releasing.tag", description=__doc__)
    parser.add_argument("tag", help="such as v1.4.0")
    tag = parser.parse_args().tag
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    problems = [*of_name(tag, project["version"]), *of_changelog(tag, CHANGELOG.read_text())]
    if version_of(tag) is not None:
        problems += of_step(tag, Repository())
    for problem in problems:
        print(f"{tag}: {problem}", file=sys.stderr)
    return 1 if problems else 0


def version_of(tag: str) -> Version | None:
    """None if it is no tag of a release."""
    matched = _TAG.fullmatch(tag)
    return Version(*map(int, matched.groups())) if matched else None


def of_name(tag: str, version: str) -> list[str]:
    if version_of(tag) is None:
        return ["must look like v1.4.0"]
    return [] if tag == f"v{version}" else [f"pyproject.toml says that this is {version}"]


def of_changelog(tag: str, changelog: str) -> list[str]:
    problems = ["what CHANGELOG.md has under [Unreleased] must stand under a version"] if unreleased(changelog) else []
    try:
        notes(changelog, tag.removeprefix("v"))
    except NoSuchSectionError as e:
        problems.append(str(e))
    return problems


def of_step(tag: str, repository: Repository) -> list[str]:
    """What is wrong with the way from the last release to this tag, which `version_of` understands."""
    last = repository.last_release(before=tag)
    new, old = version_of(tag), version_of(last or "")
    if new is None or old is None or last is None:
        return []
    if new <= old:
        return [f"must be more than {old}, which is released"]
    changes = compare(repository.file_at(last, SCHEMA), (repository.root / SCHEMA).read_bytes())
    breaks = [change.message for change in changes if change.level is Level.BREAKING]
    if breaks and not new.breaks(old):
        return [f"too small a step from {old} for what breaks clients: {'; '.join(breaks)}"]
    return []


if __name__ == "__main__":
    sys.exit(main())
