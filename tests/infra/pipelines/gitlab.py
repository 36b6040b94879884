"""Reads .gitlab-ci.yml as far as this project uses it, and tells which jobs a pipeline has."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.infra.pipelines.makefile import ROOT

PATH = ROOT / ".gitlab-ci.yml"
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text())

_KEYWORDS = {"workflow", "stages", "variables", "default"}

Variables = Mapping[str, str]


def _whole(name: str) -> dict[str, Any]:
    """A job with what it extends."""
    own = DOCUMENT[name]
    above = _whole(own["extends"]) if "extends" in own else {}
    variables = above.get("variables", {}) | own.get("variables", {})
    return {**above, **own, "variables": variables}


JOBS = {name: _whole(name) for name in DOCUMENT if name not in _KEYWORDS and not name.startswith(".")}


def is_made(variables: Variables) -> bool:
    """Whether there is a pipeline at all."""
    return _verdict(DOCUMENT["workflow"]["rules"], variables) is not None


def jobs_of(variables: Variables) -> set[str]:
    """The jobs of the pipeline that has these variables."""
    return {name for name, job in JOBS.items() if _verdict(job["rules"], variables) is not None}


def rule_of(job: str, variables: Variables) -> dict[str, Any] | None:
    """The rule by which a job is in the pipeline."""
    return _verdict(JOBS[job]["rules"], variables)


def _verdict(rules: list[dict[str, Any]], variables: Variables) -> dict[str, Any] | None:
    """The first rule that holds, unless it says never. Files are taken for changed."""
    for rule in rules:
        if "if" not in rule or _holds(rule["if"], variables):
            return None if rule.get("when") == "never" else rule
    return None


def _holds(expression: str, variables: Variables) -> bool:
    return any(
        all(_is_true(term.strip(), variables) for term in alternative.split(" && "))
        for alternative in expression.split(" || ")
    )


def _is_true(term: str, variables: Variables) -> bool:
    parsed = re.fullmatch(r"\$(\w+)(?: (==|=~) (?:\"(.*)\"|\$(\w+)|/(.*)/))?", term)
    assert parsed, f"what is {term!r}?"
    name, operator, text, other, pattern = parsed.groups()
    value = variables.get(name, "")
    if operator is None:
        return bool(value)
    if operator == "=~":
        return re.search(pattern, value) is not None
    return value == (text if other is None else variables.get(other, ""))
