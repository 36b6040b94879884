import pytest

from releasing.notes import NoSuchSectionError, notes, unreleased

CHANGELOG = """\
# Changelog

## [Unreleased]

## [0.2.0] - 2027-01-05

### Added

- `mailing prune`, see [the document](docs/operations.md).

### Fixed

- A leak.

## [0.1.0] - 2026-11-30

- The first.

[Unreleased]: https://example.com/compare/v0.2.0...HEAD
"""


def test_the_notes_are_the_section_of_the_version_and_no_more() -> None:
    assert notes(CHANGELOG, "0.2.0") == (
        "### Added\n\n- `mailing prune`, see [the document](docs/operations.md).\n\n### Fixed\n\n- A leak."
    )
    assert notes(CHANGELOG, "0.1.0") == "- The first."
    assert unreleased(CHANGELOG) == ""


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        (CHANGELOG, "CHANGELOG.md has no line `## [0.1] - YYYY-MM-DD`."),
        ("## [0.1]\n\n- The first.\n", "CHANGELOG.md has no line `## [0.1] - YYYY-MM-DD`."),
        ("## [0.1] - 2026-11-30\n\n## [0.0] - 2026-10-30\n\n- A try.\n", "CHANGELOG.md says nothing of 0.1."),
    ],
    ids=["no section", "no date", "nothing in it"],
)
def test_without_notes_there_is_an_error(changelog: str, said: str) -> None:
    with pytest.raises(NoSuchSectionError) as raised:
        notes(changelog, "0.1")
    assert str(raised.value) == said


def test_what_waits_for_a_version_is_told_apart() -> None:
    assert unreleased("## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-11-30\n\n- Old.\n") == "- New."
