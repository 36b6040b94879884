"""What a version brings, from CHANGELOG.md: `python -m releasing.notes 1.4.0`."""

import argparse
import re
import sys

from releasing.repository import ROOT

CHANGELOG = ROOT / "CHANGELOG.md"

_LINK = re.compile(r"\[Unreleased\]:|\[\d+\.\d+\.\d+\]:")


class NoSuchSectionError(Exception):
    """Raised when the changelog has no dated section for a version, or nothing in it."""


def main() -> int:
    """Prints the section, without its heading."""
    parser = argparse.ArgumentParser(prog="python -m releasing.notes", description=__doc__)
    parser.add_argument("version", help="such as 1.4.0")
    asked = parser.parse_args()
    try:
        print(notes(CHANGELOG.read_text(), asked.version))
    except NoSuchSectionError as e:
        print(e, file=sys.stderr)
        return 1
    return 0


def notes(changelog: str, version: str) -> str:
    """The text below `## [version] - date`. Raises NoSuchSectionError."""
    heading = re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)
    if heading is None:
        raise NoSuchSectionError(f"CHANGELOG.md has no line `## [{version}] - YYYY-MM-DD`.")
    text = _until_next_heading(changelog[heading.end() :])
    if not text:
        raise NoSuchSectionError(f"CHANGELOG.md says nothing of {version}.")
    return text


def unreleased(changelog: str) -> str:
    """What waits for the next version; empty if nothing does."""
    heading = re.search(r"^## \[Unreleased\]$", changelog, re.MULTILINE)
    return _until_next_heading(changelog[heading.end() :]) if heading else ""


def _until_next_heading(text: str) -> str:
    section = re.split(r"^## ", text, maxsplit=1, flags=re.MULTILINE)[0]
    return _LINK.split(section, maxsplit=1)[0].strip()


if __name__ == "__main__":
    sys.exit(main())
