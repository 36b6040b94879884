import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.infra.pipelines import gitlab
from tests.infra.pipelines.makefile import ROOT, TARGETS, called_target

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, dict[str, Any]] = {path.name: yaml.safe_load(path.read_text()) for path in FOLDER.iterdir()}
JOBS = {f"{file} {name}": job for file, workflow in WORKFLOWS.items() for name, job in workflow["jobs"].items()}
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]

PLUMBING = {
    ".ci/programs",
    "docker buildx create --use",
    'git update-ref refs/remotes/origin/target "refs/remotes/origin/$TARGET"',
    'echo "$TOKEN" | docker login --username "$GITHUB_ACTOR" --password-stdin ghcr.io',
    'git config --global --add safe.directory "$GITHUB_WORKSPACE"',
    'gh release create "$GITHUB_REF_NAME" --verify-tag --title "$GITHUB_REF_NAME" --notes-file dist/NOTES.md'
    " dist/*.whl dist/*.tar.gz",
}
"""All that steps do beside the Makefile's targets."""


def test_they_are_valid() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *FOLDER.iterdir()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_steps_run_targets_of_the_makefile_and_hardly_anything_else() -> None:
    assert {line for line in _lines() if called_target(line) is None} == PLUMBING
    assert _targets() <= TARGETS


def test_both_hosts_check_the_same() -> None:
    theirs = {called_target(line) for job in gitlab.JOBS.values() for line in job["script"]} - {None}
    assert theirs - _targets() == set()
    # Of a release, GitHub runs these in one job.
    assert _targets() - theirs == {"lint", "test"}


@pytest.mark.parametrize("step", [step for _, step in STEPS if "uses" in step], ids=lambda step: step["uses"][:30])
def test_an_action_is_pinned_by_its_commit_beside_its_version(step: dict[str, Any]) -> None:
    assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
    text = "".join(path.read_text() for path in FOLDER.iterdir())
    assert len(set(re.findall(rf"{step['uses'].split('@')[0]}@(\S+ # v\d+\.\d+\.\d+)$", text, re.MULTILINE))) == 1
    assert text.count(f"{step['uses'].split('@')[0]}@") == text.count(f"{step['uses']} # v")


def test_only_what_publishes_may_write_and_only_what_it_publishes() -> None:
    assert {str(workflow["permissions"]) for workflow in WORKFLOWS.values()} == {"{'contents': 'read'}"}
    assert {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job} == {
        "ci.yml main-image": {"contents": "read", "packages": "write"},
        "release.yml image": {"contents": "read", "packages": "write"},
        "release.yml release": {"contents": "write"},
    }


def test_tests_run_where_those_of_gitlab_do() -> None:
    containers = {job["container"] for job in JOBS.values() if "container" in job}
    assert containers == {gitlab.DOCUMENT["default"]["image"]}


def test_no_text_of_strangers_becomes_a_part_of_a_script() -> None:
    safe = re.compile(r"\$\{\{ matrix\.target \}\}")
    assert [step["run"] for _, step in STEPS if "${{" in safe.sub("", step.get("run", ""))] == []


def test_no_name_that_somebody_gave_a_branch_goes_to_make() -> None:
    """It would expand `$(shell …)` in it."""
    given = {variable for line in _lines() if called_target(line) for variable in re.findall(r"\$\{?(\w+)", line)}
    assert given == {"GITHUB_SHA", "NAME", "GITHUB_REF_NAME"}
    # The name is a tag's, of which the pattern lets only numbers through. YAML 1.1 takes `on` for true.
    assert [file for file in FOLDER.iterdir() if "GITHUB_REF_NAME" in file.read_text()] == [FOLDER / "release.yml"]
    triggers: Any = WORKFLOWS["release.yml"].get(True)  # type: ignore[call-overload]
    assert triggers == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}


def _lines() -> set[str]:
    """What steps run, with the targets of a matrix in their place."""
    lines = set()
    for name, step in STEPS:
        matrix = JOBS[name].get("strategy", {}).get("matrix", {}).get("include", [{}])
        lines |= {step["run"].replace("${{ matrix.target }}", one.get("target", "")) for one in matrix if "run" in step}
    return lines


def _targets() -> set[str]:
    return {target for line in _lines() if (target := called_target(line))}
