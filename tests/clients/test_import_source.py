"""Opening files of clients."""

import os
from pathlib import Path

import pytest

from mailing.clients.import_header import UnusableFileError
from mailing.clients.import_source import opened

TEXT = "phone,tag\r\n79160000001,скидка\r\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf_8_with_and_without_a_mark_and_line_ends_as_they_are(tmp_path: Path, mark: bytes) -> None:
    file = tmp_path / "clients.csv"
    file.write_bytes(mark + TEXT.encode())

    with opened(file) as source:
        assert source.bytes_read == 0
        assert source.lines.read() == TEXT
        assert source.bytes_read == source.size == len(mark + TEXT.encode())


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
def test_another_encoding_is_refused_wherever_it_shows(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "clients.csv"
    file.write_bytes(TEXT.encode() * 100_000 + TEXT.encode(encoding))

    with pytest.raises(UnusableFileError, match=r"^it is not UTF-8$"), opened(file):
        pass


def test_of_a_pipe_the_size_is_unknown_and_bad_bytes_pass_as_surrogates(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR)  # Both ends, so that opening it does not wait for anybody.
    os.write(end, b"phone\n\xff\n")
    with opened(pipe) as source:
        assert source.size is None
        assert [source.lines.readline(), source.lines.readline()] == ["phone\n", "\udcff\n"]
        assert source.bytes_read == 0
    os.close(end)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UnusableFileError, match=r"^it cannot be read: No such file or directory$"):
        opened(tmp_path / "nothing").__enter__()
    with pytest.raises(UnusableFileError, match=r"^it cannot be read: Is a directory$"):
        opened(tmp_path).__enter__()
