import pytest

from releasing.repository import UnknownRevisionError
from tests.releasing.conftest import Clone


def test_the_last_release_is_the_newest_tag_of_one_in_the_history(clone: Clone) -> None:
    # Given
    clone.commit()
    assert clone.last_release() is None
    for tag in ("v0.9.0", "nightly", "v0.10.0"):
        clone.commit()
        clone.run("tag", tag)

    # Then
    assert clone.last_release() == "v0.10.0"
    assert clone.last_release(before="v0.10.0") == "v0.9.0"


def test_a_file_is_read_as_it_stood(clone: Clone) -> None:
    # Given
    clone.write("folder/a.txt", "old")
    clone.write("folder/b c.txt", "")
    clone.commit()
    clone.write("folder/a.txt", "new")

    # Then
    assert clone.file_at("main", "folder/a.txt") == b"old"
    assert clone.file_at("main", "folder/z.txt") is None
    assert clone.files_at("main", "folder") == {"folder/a.txt": b"old", "folder/b c.txt": b""}


def test_a_branch_that_is_not_there_is_named(clone: Clone) -> None:
    clone.commit()
    with pytest.raises(UnknownRevisionError, match="origin/main: no such commit"):
        clone.fork_point("origin/main")


def test_what_is_left_out_of_git_is_no_file_of_it(clone: Clone) -> None:
    # Given
    clone.write(".gitignore", "*.log\n")
    for path in ("folder/kept.txt", "folder/removed.txt", "elsewhere.txt"):
        clone.write(path, "")
    clone.commit()

    # When
    (clone.root / "folder/removed.txt").unlink()
    clone.write("folder/new.txt", "")
    clone.write("folder/a.log", "")

    # Then
    assert clone.files("folder") == {"folder/kept.txt", "folder/new.txt"}
    assert clone.files() == {".gitignore", "elsewhere.txt", "folder/kept.txt", "folder/new.txt"}
