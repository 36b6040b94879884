"""What `docker build` is given: the repository, as far as .dockerignore lets it through."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[3]

_NEVER_LOOKED_INTO = {".git", ".venv", "node_modules", ".data"}
"""For speed. That .dockerignore keeps these out is what a test asks it about each."""


@cache
def build_context() -> frozenset[str]:
    """Paths of files, relative to the repository."""
    return frozenset(str(path) for path in _files() if is_let_through(path))


def is_let_through(path: PurePosixPath) -> bool:
    """As Docker reads the file: the last line that matches a path, or a folder above it, decides."""
    through = True
    for line in _lines():
        if _matches(line.removeprefix("!"), path):
            through = line.startswith("!")
    return through


@cache
def _lines() -> Sequence[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _matches(pattern: str, path: PurePosixPath) -> bool:
    above = [path, *path.parents][:-1]
    if pattern.startswith("**/"):
        return any(fnmatchcase(part, pattern.removeprefix("**/")) for part in path.parts)
    depth = len(PurePosixPath(pattern).parts)  # A star does not cross a slash.
    return any(len(folder.parts) == depth and fnmatchcase(str(folder), pattern) for folder in above)


def _files() -> Iterator[PurePosixPath]:
    for parent, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in _NEVER_LOOKED_INTO]
        yield from (PurePosixPath(parent, name).relative_to(ROOT) for name in files)
