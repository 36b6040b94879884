"""docker-compose.yml, as Docker Compose reads it where no .env is."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from tests.infra.containers.context import ROOT

FILE = ROOT / "docker-compose.yml"

OURS = ("migrate", "api", "worker", "scheduler", "fake-provider", "demo")
"""The services that run the image of this project."""

_VARIABLE = re.compile(r"\$\{(\w+):-([^{}]*)\}")

Service = Mapping[str, Any]


@cache
def services() -> Mapping[str, Service]:
    """By name, with the defaults of all variables."""
    found: Mapping[str, Service] = _filled_in(yaml.safe_load(FILE.read_text()))["services"]
    return found


@cache
def variables() -> Mapping[str, str]:
    """What may be set in .env, and what it is otherwise."""
    found = _VARIABLE.findall(FILE.read_text())
    assert len(dict(found)) == len(set(found)), "one has two defaults"
    return dict(found)


def environment(name: str) -> Mapping[str, str]:
    found: Mapping[str, str] = services()[name].get("environment", {})
    return found


def health_check(name: str) -> Sequence[str]:
    """The command, without the word that says of which form it is."""
    form: str
    command: list[str]
    form, *command = services()[name]["healthcheck"]["test"]
    assert form == "CMD"
    return command


def grace_seconds(name: str) -> float:
    """How long Docker waits after SIGTERM: ten seconds where nothing is said."""
    return float(services()[name].get("stop_grace_period", "10s").removesuffix("s"))


def _filled_in(value: Any) -> Any:
    """As Docker Compose does it: in what the YAML says, so that a text stays a text."""
    if isinstance(value, dict):
        return {name: _filled_in(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled_in(inner) for inner in value]
    return _VARIABLE.sub(lambda variable: variable[2], value) if isinstance(value, str) else value
