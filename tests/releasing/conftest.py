import os
import subprocess
from pathlib import Path

import pytest

from releasing.repository import Repository


class Clone(Repository):
    """A repository of a test's own: files, commits, branches, tags."""

    def run(self, *arguments: str) -> None:
        """Run git, as nobody in particular and by nobody's settings."""
        person = {
            f"GIT_{role}_{what}": "t@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"} | person
        subprocess.run(["git", *arguments], cwd=self.root, env=env, check=True, capture_output=True)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def commit(self) -> None:
        self.run("add", "--all")
        self.run("commit", "--quiet", "--allow-empty", "--message", "A change")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Empty, on the branch main."""
    clone = Clone(tmp_path)
    clone.run("init", "--quiet", "--initial-branch", "main")
    return clone
