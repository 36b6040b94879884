import re
import subprocess
import sys

import pytest

from tests.infra.pipelines.gitlab import DOCUMENT, JOBS, PATH, is_made, jobs_of, rule_of
from tests.infra.pipelines.makefile import TARGETS, called_target

PLUMBING = {
    ".ci/programs",
    "apk add --no-cache --quiet git make",
    "docker context create dind",
    "docker buildx create --use dind",
    'echo "$CI_REGISTRY_PASSWORD" | docker login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"',
    'git fetch --quiet --tags origin "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/target"',
    'find /tmp -maxdepth 1 -name "mailing-faults-seed-*" -exec mkdir -p reports ";" -exec cp -r {} reports ";"',
    "ls dist",
}
"""All that jobs do beside the Makefile's targets."""

MAIN = {"CI_DEFAULT_BRANCH": "main"}
MERGE_REQUEST = MAIN | {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_LABELS": "docs,api"}
MERGED = MAIN | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}
NIGHT = MAIN | {"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}
RELEASE = MAIN | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1.4.0"}

ALWAYS = {"style", "types", "tests", "ui", "conformance"}


def test_it_is_valid() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", PATH],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", JOBS)
def test_a_job_runs_targets_of_the_makefile_and_hardly_anything_else(name: str) -> None:
    job = JOBS[name]
    lines = [*job.get("before_script", []), *job["script"], *job.get("after_script", [])]
    calls = {line: called_target(line) for line in lines}
    assert {target for target in calls.values() if target} <= TARGETS
    assert {line for line, target in calls.items() if target is None} <= PLUMBING


@pytest.mark.parametrize(
    ("pipeline", "jobs"),
    [
        (MERGE_REQUEST, ALWAYS | {"package", "migrations", "api", "image-can-be-built"}),
        (MERGED, ALWAYS | {"package", "main-image"}),
        (NIGHT, {"faults"}),
        (RELEASE, ALWAYS | {"release-check", "release-image", "release"}),
    ],
    ids=["merge request", "merged", "night", "release"],
)
def test_a_pipeline_has_the_jobs_that_it_needs_and_those_on_which_they_wait(
    pipeline: dict[str, str], jobs: set[str]
) -> None:
    assert is_made(pipeline)
    assert jobs_of(pipeline) == jobs
    # GitLab makes no pipeline of which a job waits for one that is not in it.
    assert {needed for name in jobs for needed in JOBS[name].get("needs", [])} <= jobs


@pytest.mark.parametrize(
    "pipeline",
    [
        MAIN | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "a-change"},
        MAIN | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1.4"},
        MAIN | {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1.4.0-rc1"},
    ],
    ids=["branch", "short tag", "candidate"],
)
def test_a_branch_has_its_merge_requests_pipeline_alone_and_other_tags_have_none(pipeline: dict[str, str]) -> None:
    assert not is_made(pipeline)


@pytest.mark.parametrize(
    ("labels", "may_break"),
    [("", None), ("api", None), ("no-api-break", None), ("api-break", "true"), ("docs,api-break,big", "true")],
)
def test_the_api_may_break_where_the_label_says_that_it_is_meant(labels: str, may_break: str | None) -> None:
    rule = rule_of("api", MERGE_REQUEST | {"CI_MERGE_REQUEST_LABELS": labels})
    assert rule is not None
    assert rule.get("variables", {}).get("API_MAY_BREAK") == may_break


def test_every_image_is_pinned_by_what_is_in_it() -> None:
    images = {DOCUMENT["default"]["image"]}
    for job in JOBS.values():
        images |= {job["image"]} if "image" in job else set()
        images |= {service["name"] for service in job.get("services", [])}
    assert len(images) == 4
    assert [image for image in images if not re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image)] == []


def test_what_publishes_is_not_cut_off_by_a_newer_commit() -> None:
    publishing = {name for name, job in JOBS.items() if "PUSH=1" in str(job["script"]) or "release" in job}
    assert publishing == {"main-image", "release-image", "release"}
    assert {JOBS[name].get("interruptible") for name in publishing} == {False}


def test_what_jobs_write_into_the_checkout_is_no_part_of_the_source() -> None:
    # Else the style would be checked of packages in a cache, and the source distribution would have them in it.
    written = {path for cache in DOCUMENT["default"]["cache"] for path in cache["paths"]}
    written |= {path for job in JOBS.values() for path in job.get("artifacts", {}).get("paths", [])}
    assert written == {".cache/pip", ".cache/uv", ".cache/npm", "reports", "dist"}
    for path in written:
        done = subprocess.run(["git", "check-ignore", "--quiet", f"{path}/x.py"], cwd=PATH.parent, check=False)
        assert done.returncode == 0, path


def test_a_change_is_tried_beside_the_code_that_runs_until_it_comes() -> None:
    assert "make old-code-check BASE=origin/target" in JOBS["migrations"]["script"]
