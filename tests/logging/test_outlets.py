"""Where lines go."""

import errno
import os
import stat
from pathlib import Path

import pytest

from mailing.logging import outlets
from mailing.logging.outlets import FILES_KEPT, RotatingFile


def test_a_full_file_is_put_aside_and_only_so_many_are_kept(tmp_path: Path) -> None:
    # Given a file that two lines fill
    path = tmp_path / "logs" / "api.jsonl"
    file = RotatingFile(path, most_bytes=8)

    # When
    for number in range(20):
        file.write(f"{number:03}".encode())

    # Then the newest lines are there, whole and in order
    kept = sorted(path.parent.iterdir(), key=lambda one: one.name)
    assert [one.name for one in kept] == ["api.jsonl", *(f"api.jsonl.{n}" for n in range(1, FILES_KEPT + 1))]
    assert "".join(one.read_text() for one in [*kept[:0:-1], kept[0]]).split() == [f"{n:03}" for n in range(10, 20)]


def test_a_file_is_continued_where_it_was_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    # Given
    path = tmp_path / "api.jsonl"
    RotatingFile(path, most_bytes=8).write(b"one")

    # When
    again = RotatingFile(path, most_bytes=8)
    again.write(b"two")
    again.write(b"three")

    # Then
    assert (path.read_text(), (tmp_path / "api.jsonl.1").read_text()) == ("three\n", "one\ntwo\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    # Given
    file = RotatingFile(tmp_path / "logs" / "api.jsonl", most_bytes=4)
    file.write(b"one")
    (tmp_path / "logs" / "api.jsonl").unlink()
    (tmp_path / "logs").rmdir()

    # When
    file.write(b"two")
    file.write(b"three")

    # Then it has gone on in a new one
    assert (tmp_path / "logs" / "api.jsonl").read_text() == "three\n"


def test_a_file_that_somebody_moves_is_begun_anew_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(outlets, "LOOK_SECONDS", 0.0)
    path = tmp_path / "api.jsonl"
    file = RotatingFile(path, most_bytes=100)
    file.write(b"one")

    # When it is moved and once more is there, as after logrotate, and when it is removed
    path.rename(tmp_path / "moved")
    path.touch()
    file.write(b"two")
    shown = path.read_text()
    path.unlink()
    file.write(b"three")

    # Then
    assert [(tmp_path / "moved").read_text(), shown, path.read_text()] == ["one\n", "two\n", "three\n"]


def test_what_a_full_disk_does_not_take_is_lost_and_nothing_is_raised() -> None:
    file = RotatingFile(Path("/dev/full"), most_bytes=100)
    file.write(b"one")
    assert os.path.exists("/dev/full")


def test_a_line_is_written_though_the_full_file_cannot_be_put_aside(tmp_path: Path) -> None:
    # Given a folder in the place of the oldest file
    file = RotatingFile(tmp_path / "api.jsonl", most_bytes=4)
    (tmp_path / "api.jsonl.3").touch()
    (tmp_path / "api.jsonl.4").mkdir()

    # When
    for line in (b"one", b"two"):
        file.write(line)

    # Then
    assert (tmp_path / "api.jsonl").read_text() == "one\ntwo\n"


def test_older_files_stay_while_no_new_one_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a full file with an older one beside it
    file = RotatingFile(tmp_path / "api.jsonl", most_bytes=4)
    for line in (b"one", b"two"):
        file.write(line)

    # When more lines come while the process has no descriptor left
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _no_descriptor_is_left)
        for line in (b"3", b"4", b"5", b"6", b"7", b"8"):
            file.write(line)
    file.write(b"nine")

    # Then
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == {"api.jsonl.2": "one\n", "api.jsonl.1": "two\n3\n4\n5\n6\n7\n8\n", "api.jsonl": "nine\n"}


def _no_descriptor_is_left(*_: object) -> int:
    raise OSError(errno.EMFILE, "Too many open files")
