"""Whether migrations can be applied to databases of others: `python -m releasing.migrations [--base REVISION]`.

What a release or the target branch has, has been applied to databases already, and is not applied to them again: to
change it would make databases that differ. The rest is the order that `mailing migrate` relies on.
"""

import argparse
import ast
import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath

from releasing.repository import Repository, UnknownRevisionError

FOLDER = "mailing/migrations"

Files = Mapping[str, bytes]
"""Content by path from the project's root."""

_MIGRATION = re.compile(r"\d{4}_[a-z0-9_]+")


def main() -> int:
    """Prints what is wrong, a line each; 0 if nothing is."""
    parser = argparse.ArgumentParser(prog="python -m releasing.migrations", description=__doc__)
    parser.add_argument("--base", help="the branch that this change goes into")
    asked = parser.parse_args()
    try:
        problems = [*against_history(Repository(), asked.base), *asyncio.run(_against_models())]
    except UnknownRevisionError as e:
        problems = [str(e)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("The migrations are in order.")
    return 1 if problems else 0


def against_history(repository: Repository, base: str | None) -> list[str]:
    """What is wrong with the files on disk: in themselves, beside the last release, and beside the target branch."""
    now = _on_disk(repository)
    problems = disorder(now)
    release = repository.last_release()
    if release is not None:
        problems += changes(repository.files_at(release, FOLDER), now, release)
    if base is not None:
        at_fork = repository.files_at(repository.fork_point(base), FOLDER)
        problems += changes(at_fork, now, base)
        problems += collisions({*repository.files_at(base, FOLDER)} - {*at_fork}, {*now} - {*at_fork}, base)
    return problems


def disorder(files: Files) -> list[str]:
    """Where the migrations are not one row: each called by the next number, each after the one before."""
    problems: list[str] = []
    before: str | None = None
    for number, path in enumerate(sorted(path for path in files if _is_migration(path)), start=1):
        name = PurePosixPath(path).stem
        if not _MIGRATION.fullmatch(name) or int(name[:4]) != number:
            problems.append(f"{path}: must be called {number:04}_ and what it does in a-z, 0-9 and _")
        needs = dependencies(files[path])
        expected: list[tuple[str, ...]] = [] if before is None else [("mailing", before)]
        if needs != expected:
            problems.append(f"{path}: must depend on {expected}, not on {needs}")
        before = name
    return problems


def changes(before: Files, now: Files, where: str) -> list[str]:
    """Where what `where` has is no longer there, or does something else. How Python is laid out may change."""
    problems = []
    for path in sorted(path for path in before if not path.endswith("__init__.py")):
        if path not in now:
            problems.append(f"{path}: {where} has it, so it must stay")
        elif _meaning(path, before[path]) != _meaning(path, now[path]):
            problems.append(f"{path}: {where} has it, so it must stay as it is; write a new migration")
    return problems


def collisions(theirs: set[str], ours: set[str], where: str) -> list[str]:
    """Where both have a new migration of the same number, which git would merge without a word."""
    taken = {PurePosixPath(path).name[:4]: path for path in theirs if _is_migration(path)}
    return [
        f"{path}: {where} has {taken[number]} by now; take the next number"
        for path in sorted(ours)
        if _is_migration(path) and (number := PurePosixPath(path).name[:4]) in taken
    ]


def dependencies(source: bytes) -> list[tuple[str, ...]]:
    """What a migration says that it comes after: `[(app, name)]`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["dependencies"]:
            return [tuple(one) for one in ast.literal_eval(node.value)]
    return []


def _is_migration(path: str) -> bool:
    return PurePosixPath(path).parent == PurePosixPath(FOLDER) and path.endswith(".py") and "__init__" not in path


def _meaning(path: str, content: bytes) -> str:
    return ast.dump(ast.parse(content)) if path.endswith(".py") else content.decode()


def _on_disk(repository: Repository) -> Files:
    folder = repository.root / FOLDER
    files = [path for path in folder.rglob("*") if path.suffix in {".py", ".sql"}]
    return {path.relative_to(repository.root).as_posix(): path.read_bytes() for path in files}


async def _against_models() -> list[str]:
    """What `make migration` would write."""
    from tortoise.context import TortoiseContext
    from tortoise.migrations.autodetector import MigrationAutodetector

    from mailing.db.development import CONFIG

    async with TortoiseContext() as context:
        await context.init(config=CONFIG)
        assert context.apps is not None
        missing = await MigrationAutodetector(context.apps, CONFIG["apps"]).changes()
    return [
        f"the models differ from the migrations; `make migration` would write:\n{one.as_string()}" for one in missing
    ]


if __name__ == "__main__":
    sys.exit(main())
