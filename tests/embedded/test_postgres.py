import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from tortoise.backends.base.config_generator import expand_db_url

from mailing.child_process import Account
from mailing.embedded.account import server_account
from mailing.embedded.errors import ServerOwnershipError, ServerStartError
from mailing.embedded.postgres import PostgresServer
from tests.embedded.processes import eventually, is_gone


async def _ask(url: str, *statements: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_data_survive_a_stop_and_a_start_at_the_same_url(folder: Path) -> None:
    # Given a server with a row, stopped
    server = PostgresServer(folder / "pg", fast=True)
    with server:
        url, pid = server.url, server.pid
        assert await _ask(url, "CREATE TABLE t (n int)", "INSERT INTO t VALUES (7) RETURNING n") == 7
        # (It listens on no network, and nobody else gets near its socket.)
        assert await _ask(url, "SELECT current_setting('listen_addresses')") == ""
        assert (folder / "pg/socket").stat().st_mode & 0o777 == 0o700
    assert is_gone(pid)
    assert server.pid is None

    # When another object starts one in the same folder
    with PostgresServer(folder / "pg", fast=True) as again:
        # Then it has the row, at the same place, and both of our clients find it
        assert again.url == url
        assert await _ask(url, "SELECT n FROM t") == 7
        connection = await asyncpg.connect(**expand_db_url(url)["credentials"])
        assert await connection.fetchval("SELECT current_setting('timezone') || current_database()") == "UTCmailing"
        await connection.close()


async def test_it_is_durable_unless_told_otherwise(postgres_folder: Path) -> None:
    durability = "SELECT current_setting('fsync') || current_setting('full_page_writes') || current_setting('{}')"
    with PostgresServer(postgres_folder) as server:
        assert await _ask(server.url, durability.format("synchronous_commit")) == "ononon"
        assert list(postgres_folder.glob("cluster/log/postgres-*.log"))


async def test_a_path_that_is_too_long_for_a_socket_gets_one_elsewhere(folder: Path, postgres_folder: Path) -> None:
    # Given a data directory whose path has more bytes than a socket's may have
    long = folder / ("long" * 25)
    long.mkdir(mode=0o711)
    server = PostgresServer(postgres_folder.rename(long / "pg"), fast=True)

    # When it starts
    with server:
        [socket_folder] = parse_qs(urlsplit(server.url).query)["host"]
        # Then it is reachable, in a private folder that goes with it
        assert await _ask(server.url, "SELECT 1") == 1
        assert Path(socket_folder).stat().st_mode & 0o777 == 0o700
    assert not Path(socket_folder).exists()


async def test_a_server_left_by_a_killed_run_is_ended_by_the_next_start(postgres_folder: Path) -> None:
    # Given a server whose owner is gone, with a client
    first = PostgresServer(postgres_folder, fast=True)
    with first:
        argv = first.prepare()
    account = server_account()
    leftover = _start_alone(argv, account)
    assert eventually(lambda: (postgres_folder / "cluster/postmaster.pid").exists() and _is_ready(postgres_folder))

    # When the next run starts
    with PostgresServer(postgres_folder, fast=True) as server:
        # Then the old one was shut down in order, and the new one serves
        assert leftover.wait(5) == 0
        assert await _ask(server.url, "SELECT 1") == 1


def test_a_pid_file_that_names_another_program_harms_neither(postgres_folder: Path) -> None:
    # Given the pid file of a server that is long gone; its number is now that of this very process
    server = PostgresServer(postgres_folder, fast=True)
    with server:
        content = (postgres_folder / "cluster/postmaster.pid").read_text().splitlines()
    (postgres_folder / "cluster/postmaster.pid").write_text("\n".join([str(os.getpid()), *content[1:]]) + "\n")

    # When the server starts, then we are still here and it runs
    with server:
        assert server.is_ready()


def test_it_dies_with_a_killed_owner(postgres_folder: Path) -> None:
    # Given a program that has started a server
    script = (
        "import sys, time; from pathlib import Path; from mailing.embedded.postgres import PostgresServer\n"
        f"server = PostgresServer(Path({str(postgres_folder)!r}), fast=True); server.start()\n"
        "print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        pid = int(owner.stdout.readline())
        assert not is_gone(pid)

        # When it is killed, then the server ends as well
        owner.kill()
        assert eventually(lambda: is_gone(pid))


def test_a_start_that_fails_says_why_and_leaves_no_process(postgres_folder: Path) -> None:
    # Given a cluster that was damaged
    server = PostgresServer(postgres_folder, fast=True)
    server.launch()
    server.kill()
    (postgres_folder / "cluster/global/pg_control").unlink()

    # When it starts, then the error holds PostgreSQL's own words
    with pytest.raises(ServerStartError, match="pg_control"):
        server.start()
    assert server.pid is None

    # And data of another release, or of another user, are not even tried
    (postgres_folder / "cluster/PG_VERSION").write_text("12\n")
    with pytest.raises(ServerStartError, match="made by PostgreSQL 12, and this is PostgreSQL 18"):
        server.start()
    if os.geteuid() == 0:
        os.chown(postgres_folder / "cluster", 1, 1)
        with pytest.raises(ServerOwnershipError, match="belongs to user number 1"):
            server.start()


def _is_ready(folder: Path) -> bool:
    return "ready" in (folder / "cluster/postmaster.pid").read_text()


def _start_alone(argv: list[str], account: Account | None) -> subprocess.Popen[bytes]:
    """As `mailing up` does, but it does not die with us."""
    return subprocess.Popen(
        argv,
        cwd="/",
        stderr=subprocess.DEVNULL,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
