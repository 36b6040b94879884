"""The Dockerfile's steps, run in folders in place of the stages' file systems: there is no container engine here.

COPY does what it says, with what .dockerignore lets through. RUN runs the very line, with the paths of the image led to
the folder. Only what wants root or minutes is replaced, and named here.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tests.infra.containers.context import ROOT, build_context
from tests.infra.containers.dockerfile import Stage, Step
from tests.running import run

REPLACED = {
    # Half a minute. `make web` installs by the same lock file, and by the same command.
    "npm ci --no-progress --loglevel=error": "ln -s {root}/web/node_modules node_modules",
}
"""What is run in place of which line."""

_LED_ELSEWHERE = ("/opt/mailing",)
_BUILD_SECONDS = 400


class Scratch:
    """A folder for each stage, below one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._base = folder / "base"

    def of(self, stage: str) -> Path:
        """What is / in that stage."""
        return self.folder / stage

    async def prepare(self) -> None:
        """Give the steps what the base images have: Python with pip. Node.js is the machine's, or that of .venv."""
        await self._shell(
            f"{Path(sys.executable).parent}/uv venv --quiet --seed --python {sys.executable} {self._base}"
        )

    async def build(self, stage: Stage) -> None:
        """Run its steps, up to the first that sets what a container runs with."""
        workdir = self.of(stage.name)
        for step in stage.steps:
            if step.instruction == "WORKDIR":
                workdir = self._inside(stage.name, workdir, step.value)
                workdir.mkdir(parents=True, exist_ok=True)
            elif step.instruction == "COPY":
                self._copy(stage, workdir, step)
            elif step.instruction == "RUN":
                await self._run(stage, workdir, step)

    def _copy(self, stage: Stage, workdir: Path, step: Step) -> None:
        *sources, target = [word for word in step.value.split() if not word.startswith("--")]
        origin = next((word.removeprefix("--from=") for word in step.value.split() if word.startswith("--from=")), None)
        for source in sources:
            to = self._inside(stage.name, workdir, target)
            if origin is not None:
                shutil.copytree(self.of(origin) / source.strip("/"), to, symlinks=True, dirs_exist_ok=True)
            else:
                _copy_of_context(source, to)

    async def _run(self, stage: Stage, workdir: Path, step: Step) -> None:
        line = " ".join(step.value.split())
        line = REPLACED.get(line, line).format(root=ROOT) if line in REPLACED else line
        for path in _LED_ELSEWHERE:
            line = line.replace(path, str(self.of(stage.name)) + path)
        await self._shell(line, workdir)

    async def _shell(self, line: str, folder: Path | None = None) -> None:
        ran = await run(
            "sh", "-ec", line, folder=folder or self.folder, seconds=_BUILD_SECONDS, env=self._environment()
        )
        assert ran.status == 0, f"{line}\n{ran.output}{ran.errors}"

    def _environment(self) -> Mapping[str, str]:
        """The caches and package sources of whoever runs the tests; of this project's programs, none."""
        kept = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
        programs = Path(sys.executable).parent
        node = [str(programs)] if (programs / "node").exists() else []  # `make` puts it there where it is needed.
        return kept | {"PATH": os.pathsep.join([str(self._base / "bin"), *node, os.environ["PATH"]])}

    def _inside(self, stage: str, workdir: Path, path: str) -> Path:
        return self.of(stage) / path.strip("/") if path.startswith("/") else workdir / path


def _copy_of_context(source: str, target: Path) -> None:
    """As COPY does: the files of a folder, or a file into the folder that ends with a slash."""
    name = source.rstrip("/")
    for path in sorted(build_context()):
        if path == name:
            to = target / PurePosixPath(path).name
        elif path.startswith(f"{name}/"):
            to = target / PurePosixPath(path).relative_to(name)
        else:
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, to)
