import csv
import io

import pytest

from mailing.clients.import_lines import LONGEST_LINE, MOST_LINES, Lines


def _lines(text: str) -> Lines:
    return Lines(io.StringIO(text, newline=""))


def test_lines_come_with_their_ends_and_records_with_their_numbers() -> None:
    lines = _lines("a\r\nb\n\nc")

    assert (lines.number, next(lines)) == (1, "a\r\n")
    lines.begin()
    assert (lines.number, next(lines), next(lines)) == (2, "b\n", "\n")
    lines.begin()
    assert (lines.number, [*lines]) == (4, ["c"])


def test_a_record_that_is_none_is_begun_again_on_its_second_line() -> None:
    # Given one that has read to the end, begun again and read to the end once more
    lines = _lines("a\nb\nc")
    assert [*lines] == ["a\n", "b\n", "c"]
    lines.again()
    assert (lines.number, [*lines]) == (2, ["b\n", "c"])

    lines.again()

    assert (lines.number, [*lines]) == (3, ["c"])


def test_a_record_of_one_line_is_not_begun_again() -> None:
    lines = _lines("a\nb\n")
    next(lines)

    lines.again()

    assert (lines.number, [*lines]) == (2, ["b\n"])


def test_a_line_that_is_too_long_is_cut_and_counts_once() -> None:
    lines = _lines("x" * (3 * LONGEST_LINE) + "\n" + "y" * (LONGEST_LINE - 1) + "\nb")

    assert [*lines] == ["x" * LONGEST_LINE, "y" * (LONGEST_LINE - 1) + "\n", "b"]


def test_a_record_without_end_is_given_up_after_some_lines_and_the_rest_is_read() -> None:
    lines = _lines("x\n" * MOST_LINES + "y")
    assert [next(lines) for _ in range(MOST_LINES)] == MOST_LINES * ["x\n"]

    with pytest.raises(csv.Error, match="too many lines"):
        next(lines)

    lines.again()
    assert (lines.number, [next(lines) for _ in range(MOST_LINES)][-2:]) == (2, ["x\n", "y"])
