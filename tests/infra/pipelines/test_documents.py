"""docs/releasing.md and SECURITY.md speak of what there is."""

import re

import pytest

from mailing.settings import PREFIX, Settings
from tests.infra.pipelines.gitlab import JOBS
from tests.infra.pipelines.makefile import ROOT, TARGETS, called_target

DOCUMENTS = {path: (ROOT / path).read_text() for path in ("docs/releasing.md", "SECURITY.md")}


def test_the_jobs_and_their_commands_are_those_of_gitlab() -> None:
    told = dict(re.findall(r"^\| ([a-z-]+) \| (?:`make ([a-z-]+)|\()", DOCUMENTS["docs/releasing.md"], re.MULTILINE))
    calls = {name: [called_target(line) or "" for line in job["script"]] for name, job in JOBS.items()}
    assert told == {name: next(filter(None, targets), "") for name, targets in calls.items()}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_target_and_setting_that_it_names_is_one(path: str) -> None:
    text = DOCUMENTS[path]
    assert set(re.findall(r"make ([a-z-]+)", "\n".join(re.findall(r"`([^`]+)`", text)))) <= TARGETS
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", text)) <= settings


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_place_that_it_leads_to_is_there(path: str) -> None:
    links = re.findall(r"\]\(([\w./-]+)(?:#([\w-]+))?\)", DOCUMENTS[path])
    assert links
    for target, anchor in links:
        text = ((ROOT / path).parent / target).read_text()
        headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        assert not anchor or anchor in headings, (target, anchor)
