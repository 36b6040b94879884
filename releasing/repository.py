"""The project's history, as git tells it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


class UnknownRevisionError(Exception):
    """Raised when the repository has no such commit, branch or tag."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"{revision}: no such commit, branch or tag. In a shallow clone, fetch it first.")
        self.revision = revision


class Repository:
    """A clone with its history."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    def last_release(self, before: str | None = None) -> str | None:
        """The newest tag such as v1.4.0 in the history, other than the one named; None before the first release."""
        except_for = ["--exclude", before] if before else []
        found = self._git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", *except_for)
        return found.decode().strip() if found is not None else None

    def fork_point(self, revision: str) -> str:
        """The commit where HEAD and that revision parted: what came to it since is not this change's doing."""
        self._commit(revision)
        found = self._git("merge-base", revision, "HEAD")
        return found.decode().strip() if found is not None else revision

    def file_at(self, revision: str, path: str) -> bytes | None:
        """A file as it stood there; None if there was none."""
        return self._git("show", f"{self._commit(revision)}:{path}")

    def files_at(self, revision: str, folder: str) -> dict[str, bytes]:
        """Everything below a folder as it stood there, by path from the root."""
        listed = self._git("ls-tree", "-r", "-z", "--name-only", self._commit(revision), f"{folder}/") or b""
        paths = [path.decode() for path in listed.split(b"\0") if path]
        return {path: self.file_at(revision, path) or b"" for path in paths}

    def files(self, *folders: str) -> set[str]:
        """The paths of the files on disk below these folders that are in git, or would be with `git add`."""
        listed = self._git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders) or b""
        return {path.decode() for path in listed.split(b"\0") if path and (self.root / path.decode()).exists()}

    def _commit(self, revision: str) -> str:
        found = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if found is None:
            raise UnknownRevisionError(revision)
        return found.decode().strip()

    def _git(self, *arguments: str) -> bytes | None:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None
