"""The Dockerfile, read."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import NamedTuple

from dockerfile_parse import DockerfileParser

from tests.infra.containers.context import ROOT


class Step(NamedTuple):
    """An instruction and what stands behind it, on one line."""

    instruction: str
    value: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What comes after a FROM, up to the next."""

    name: str
    base: str
    """The image, with its digest."""
    steps: list[Step] = field(default_factory=list)

    def values(self, instruction: str) -> list[str]:
        return [step.value for step in self.steps if step.instruction == instruction]

    def only(self, instruction: str) -> str:
        """The value of an instruction that stands there once."""
        (value,) = self.values(instruction)
        return value

    @property
    def environment(self) -> Mapping[str, str]:
        pairs = [pair.partition("=") for value in self.values("ENV") for pair in shlex.split(value)]
        return {name: value for name, _, value in pairs}


@cache
def stages() -> Mapping[str, Stage]:
    """By name, in the order of the file."""
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    for step in _steps():
        if step.instruction == "FROM":
            image, _, name = step.value.partition(" AS ")
            found.append(Stage(name, arguments[image.removeprefix("${").removesuffix("}")]))
        elif found:
            found[-1].steps.append(step)
        else:
            name, _, value = step.value.partition("=")
            arguments[name] = value
    return {stage.name: stage for stage in found}


def words(value: str) -> Sequence[str]:
    """What an ENTRYPOINT, a CMD or the like runs: the JSON form, behind whatever options."""
    parsed: Sequence[str] = json.loads(value[value.index("[") :])
    return parsed


def _steps() -> list[Step]:
    file = BytesIO((ROOT / "Dockerfile").read_bytes())
    structure = DockerfileParser(fileobj=file).structure
    return [Step(part["instruction"], part["value"]) for part in structure if part["instruction"] != "COMMENT"]
