import pytest

from releasing.tag import Version, of_changelog, of_name, of_step, version_of
from tests.conformance.node import node_path
from tests.releasing.conftest import Clone

SCHEMA = "type Query { mailing: String note: String }"
WITH_MORE = "type Query { mailing: String note: String text: String }"
WITH_LESS = "type Query { mailing: String }"


@pytest.mark.parametrize(
    ("tag", "version"),
    [("v1.4.0", Version(1, 4, 0)), ("v0.10.2", Version(0, 10, 2)), ("1.4.0", None), ("v1.4", None), ("v1.04.0", None)],
)
def test_a_tag_has_three_numbers(tag: str, version: Version | None) -> None:
    assert version_of(tag) == version


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("v1.4.0", []),
        ("v1.5.0", ["pyproject.toml says that this is 1.4.0"]),
        ("v1.4.0rc1", ["must look like v1.4.0"]),
    ],
)
def test_a_tag_is_called_after_the_projects_version(tag: str, said: list[str]) -> None:
    assert of_name(tag, "1.4.0") == said


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("## [Unreleased]\n\n## [1.4.0] - 2027-01-05\n\n- New.\n", []),
        (
            "## [Unreleased]\n\n- New.\n",
            [
                "what CHANGELOG.md has under [Unreleased] must stand under a version",
                "CHANGELOG.md has no line `## [1.4.0] - YYYY-MM-DD`.",
            ],
        ),
    ],
)
def test_the_changelog_tells_of_it(changelog: str, said: list[str]) -> None:
    assert of_changelog("v1.4.0", changelog) == said


@pytest.mark.parametrize(
    ("last", "tag", "schema", "said"),
    [
        ("v1.3.9", "v1.4.0", WITH_MORE, []),
        ("v1.3.9", "v2.0.0", WITH_LESS, []),
        ("v0.3.0", "v0.4.0", WITH_LESS, []),
        ("v0.3.0", "v0.3.1", WITH_MORE, []),
        ("v1.3.9", "v1.3.8", SCHEMA, ["must be more than 1.3.9, which is released"]),
        *(
            (
                last,
                tag,
                WITH_LESS,
                [
                    f"too small a step from {last[1:]} for what breaks clients: "
                    "Field 'note' was removed from object type 'Query'"
                ],
            )
            for last, tag in [("v1.3.9", "v1.4.0"), ("v0.3.0", "v0.3.1")]
        ),
    ],
)
def test_the_step_is_as_large_as_what_it_does_to_clients(
    clone: Clone, last: str, tag: str, schema: str, said: list[str]
) -> None:
    # Given
    node_path()  # skips where there is none
    clone.write("schema.graphql", SCHEMA)
    clone.commit()
    clone.run("tag", last)

    # When
    clone.write("schema.graphql", schema)
    clone.commit()
    clone.run("tag", tag)

    # Then
    assert of_step(tag, clone) == said


def test_the_first_release_is_no_step(clone: Clone) -> None:
    clone.write("schema.graphql", SCHEMA)
    clone.commit()
    assert of_step("v0.1.0", clone) == []
