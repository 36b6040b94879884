"""A process in the place of a container: the image's programs and environment, and nothing of the machine's.

As root, where the kernel allows it, it is also the process number 1 of a namespace of its own, on file systems that
nobody can write to. So a signal that it has no handler for is lost, as in a container, and a file that it would write
is an error.
"""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from shutil import which
from subprocess import run as run_at_once

import psutil

from tests.infra.containers.dockerfile import stages, words
from tests.running import Ran, run
from tests.waiting import until

_ALONE = (str(which("unshare")), "--pid", "--fork", "--kill-child", "--mount")
_READ_ONLY = (str(which("sh")), "-ec", f'{which("mount")} -o remount,ro,bind / && exec "$0" "$@"')


class Container:
    """One that was started; whoever started it kills it at the end."""

    def __init__(self, image: Path, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._environment = {**image_environment(image), **environment}
        self._command = [*words(stages()["runtime"].only("ENTRYPOINT")), *command]
        self._program = str(image / "opt/mailing/bin" / self._command[0])
        self._log = log
        self._process: asyncio.subprocess.Process

    async def start(self) -> None:
        alone = (*_ALONE, *_READ_ONLY) if can_be_alone() else ()
        with self._log.open("wb") as out:
            self._process = await asyncio.create_subprocess_exec(
                *(*alone, self._program, *self._command[1:]), cwd="/", env=self._environment, stdout=out, stderr=out
            )

    def logged(self) -> str:
        return self._log.read_text()

    async def until_healthy(self, check: Sequence[str], seconds: float = 90) -> None:
        """Ask as Docker does, until the answer is exit status 0."""

        async def is_healthy() -> bool:
            assert self._process.returncode is None, self.logged()
            return (await self.execute(check)).status == 0

        await until(is_healthy, seconds=seconds)

    async def execute(self, command: Sequence[str], stdin: str = "") -> Ran:
        """As `docker exec` does: with the container's environment."""
        program = Path(self._program).parent / command[0]
        return await run(program, *command[1:], folder=Path("/"), env=self._environment, stdin=stdin)

    async def stop(self, seconds: float) -> int:
        """SIGTERM: the exit status. TimeoutError after that time."""
        first = psutil.Process(self._process.pid)
        for child in first.children() if can_be_alone() else [first]:
            child.send_signal(signal.SIGTERM)
        return await self.ended(seconds)

    async def ended(self, seconds: float = 90) -> int:
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def remove(self) -> None:
        if self._process.returncode is None:
            self._process.kill()  # unshare takes its child along.
            await self._process.wait()


def image_environment(image: Path) -> dict[str, str]:
    """The ENV lines of the image, and what the image below it says, as far as programs look at it."""
    environment = dict(stages()["runtime"].environment)
    # No PATH of the machine: whatever it calls has to be in the image.
    return environment | {"PATH": str(image / "opt/mailing/bin"), "HOME": "/", "LANG": "C.UTF-8"}


@cache
def can_be_alone() -> bool:
    """Whether this user may have namespaces of their own."""
    if which("unshare") is None:
        return False
    return run_at_once([*_ALONE, *_READ_ONLY, "true"], capture_output=True, check=False).returncode == 0
