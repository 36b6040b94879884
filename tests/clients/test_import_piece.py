"""A file that comes in pieces."""

import pytest

from mailing.clients.import_file import ImportTotals
from mailing.clients.import_piece import MAX_CHARACTERS, MAX_FIRST_LINE, MAX_REJECTIONS, MAX_ROWS, import_piece
from mailing.clients.import_rows import Rejection
from mailing.errors import InvalidInputError, Problem
from mailing.problem_code import ProblemCode
from tests.conftest import Sql

HEADER = "phone,operator_code,tag,timezone\n"
ANN, BOB = "79160000001,,vip,Europe/Moscow\n", "79030000002,,,Asia/Omsk\n"


async def _problems(csv: str, first_line: int | None = None) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInputError) as raised:
        await import_piece(csv, first_line)
    return raised.value.problems


async def _tags(sql: Sql) -> dict[int, str]:
    return {row["phone"]: row["tag"] for row in await sql("SELECT phone, tag FROM client ORDER BY id")}


async def test_rows_are_taken_and_counted_and_those_that_cannot_be_are_told(sql: Sql) -> None:
    await import_piece(HEADER + ANN + BOB)

    piece = await import_piece(HEADER + ANN + BOB.replace(",,,", ",,new,") + "79990000003,,a,UTC\n" * 2 + "7,,,UTC\n")

    assert piece.totals == ImportTotals(created=1, updated=1, unchanged=1, superseded=1, rejected=1)
    message = 'must be 7 and ten digits, such as 79161234567; given: "7"'
    assert piece.rejections == [Rejection(6, "phone", "7", message, ProblemCode.NOT_A_PHONE)]
    assert await _tags(sql) == {79160000001: "vip", 79030000002: "new", 79990000003: "a"}


async def test_a_piece_may_be_sent_again(sql: Sql) -> None:
    await import_piece(HEADER + ANN + BOB)
    before = await sql("SELECT *, xmin FROM client ORDER BY id")

    assert (await import_piece(HEADER + ANN + BOB)).totals == ImportTotals(unchanged=2)

    assert await sql("SELECT *, xmin FROM client ORDER BY id") == before


async def test_lines_are_those_of_the_whole_file(database: None) -> None:
    piece = await import_piece(HEADER + ANN + "7,,,UTC\n", 40_001)

    assert [rejection.line for rejection in piece.rejections] == [40_002]


async def test_a_byte_order_mark_is_no_part_of_the_header(database: None) -> None:
    assert (await import_piece("\ufeff" + HEADER + ANN)).totals == ImportTotals(created=1)


@pytest.mark.parametrize("csv", [HEADER, HEADER + "\n\n"])
async def test_a_header_without_rows_is_a_piece_without_rows(database: None, csv: str) -> None:
    piece = await import_piece(csv)

    assert (piece.totals, piece.rejections) == (ImportTotals(), [])


async def test_a_piece_of_the_most_rows_is_taken_and_one_more_is_refused_as_a_whole(sql: Sql) -> None:
    rows = [f"{79160000000 + n},UTC" for n in range(MAX_ROWS + 1)]

    refused = await _problems("phone,timezone\n" + "\n".join(rows))

    message = "must be at most 2,000 rows; send the file in smaller pieces"
    assert refused == (Problem(("csv",), message, ProblemCode.TOO_MANY, MAX_ROWS),)
    assert await _tags(sql) == {}
    taken = await import_piece("phone,timezone\n" + "\n\n".join(rows[:-1]))
    assert taken.totals == ImportTotals(created=MAX_ROWS)


async def test_of_a_piece_whose_rows_are_wrong_in_every_value_everything_is_told(database: None) -> None:
    piece = await import_piece(HEADER + "1,x,\t,Mars\n" * MAX_ROWS)

    assert piece.totals == ImportTotals(rejected=MAX_ROWS)
    assert len(piece.rejections) == MAX_REJECTIONS


@pytest.mark.parametrize("line", [0, -1, MAX_FIRST_LINE + 1])
async def test_all_that_is_wrong_with_a_piece_is_told_at_once(database: None, line: int) -> None:
    assert await _problems("x" * (MAX_CHARACTERS + 1), line) == (
        Problem(
            ("csv",),
            "must be at most 300,000 characters; given: 300,001; send the file in smaller pieces",
            ProblemCode.TOO_LONG,
            MAX_CHARACTERS,
        ),
        Problem(
            ("firstLine",),
            f"must be 1 to 2,000,000,000; given: {line:,}",
            ProblemCode.OUT_OF_RANGE,
            MAX_FIRST_LINE,
        ),
    )


async def test_an_unusable_header_is_a_problem_of_the_piece(database: None) -> None:
    assert await _problems("phone,tag\n") == (
        Problem(("csv",), 'its header lacks timezone: "phone,tag"', ProblemCode.COLUMN_MISSING),
    )
