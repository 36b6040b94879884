"""Making a PostgreSQL cluster: the files that one server serves."""

import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mailing.child_process import Account, spawn
from mailing.embedded.account import check_owner, make_private_folder
from mailing.embedded.errors import ServerStartError
from mailing.embedded.server import clean_environment

DATABASE = "mailing"
ROLE = "mailing"


def ensure_cluster(cluster: Path, programs: Path, account: Account | None, *, fast: bool) -> None:
    """Make the cluster with an empty database, if it is not there: whole, or not at all.

    Raises ServerStartError if it cannot be made, or belongs to another release of PostgreSQL.
    """
    if cluster.exists():
        check_owner(cluster, account)
        _check_release(cluster, programs)
        return
    unfinished = cluster.with_name("cluster.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    make_private_folder(unfinished, account)
    _run(_initdb(unfinished, programs, fast=fast), account)
    _run(
        [str(programs / "postgres"), "--single", "-D", str(unfinished), "postgres"],
        account,
        f"CREATE DATABASE {DATABASE}\n",
    )
    unfinished.rename(cluster)


def _initdb(cluster: Path, programs: Path, *, fast: bool) -> list[str]:
    return [
        str(programs / "initdb"),
        f"--pgdata={cluster}",
        f"--username={ROLE}",
        "--encoding=UTF8",
        # Needs no locale of the system, sorts by code point, and knows upper and lower case of all letters.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        # Whoever may enter the socket's folder is the server's own user (or root).
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
        *(["--no-sync"] if fast else []),
    ]


def _run(argv: Sequence[str], account: Account | None, given: str = "") -> None:
    process = spawn(
        argv,
        env=clean_environment(),
        signal_on_owner_death=signal.SIGKILL,
        account=account,
        cwd=Path("/"),
        stdin=subprocess.PIPE,
        output=subprocess.PIPE,
    )
    said, _ = process.communicate(given.encode())
    # Alone, without clients, `postgres` ends well whatever became of its statements.
    if process.returncode != 0 or b"ERROR:" in said:
        last = " | ".join(said.decode(errors="replace").strip().splitlines()[-3:])
        raise ServerStartError(f"{Path(argv[0]).name} could not make the database: {last}")


def _check_release(cluster: Path, programs: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    said = subprocess.run(
        [str(programs / "postgres"), "--version"], check=True, capture_output=True, text=True, env=clean_environment()
    ).stdout
    release = said.split()[-1].split(".")[0]
    if made_by != release:
        raise ServerStartError(
            f"{cluster} was made by PostgreSQL {made_by}, and this is PostgreSQL {release}: "
            "move the data over with pg_dump, or choose another --data-dir"
        )
