"""Which rows of a file are taken, which are not, and on which lines they are."""

import io

import pytest

from mailing.clients.import_header import UnusableHeaderError
from mailing.clients.import_lines import LONGEST_LINE
from mailing.clients.import_rows import BATCH_ROWS, Batch, ClientRows, Rejection
from mailing.clients.validation import NewClient
from mailing.problem_code import ProblemCode

MOSCOW = "Europe/Moscow"
PHONE = "must be 7 and ten digits, such as 79161234567; given: "
TAG = "must not hold control characters; given: "
EMPTY = "it is empty; it must begin with the header phone,operator_code,tag,timezone"
ANN = NewClient(79161234567, "916", "vip", MOSCOW)


def _only_batch(text: str) -> Batch:
    (batch,) = ClientRows(io.StringIO(text, newline="")).batches()
    return batch


def _taken(text: str) -> list[NewClient]:
    batch = _only_batch(text)
    assert batch.rejections == []
    return list(batch.clients.values())


@pytest.mark.parametrize(
    "text",
    [
        "phone,operator_code,tag,timezone\n79161234567,916,vip,Europe/Moscow\n",
        "timezone,tag,phone,operator_code\nEurope/Moscow,vip,79161234567,916",
        "phone,tag,timezone\r\n79161234567,vip,Europe/Moscow\r\n",
        "phone,tag,timezone\r79161234567,vip,Europe/Moscow\r",
        '"phone","operator_code","tag","timezone"\n"79161234567","","vip","Europe/Moscow"\n',
        "\n Phone , TAG ,timezone\n\n79161234567,vip,Europe/Moscow\n\n",
    ],
)
def test_the_same_client_in_many_spellings(text: str) -> None:
    assert _taken(text) == [ANN]


def test_without_tag_and_operator_code_there_are_defaults() -> None:
    assert _taken(f"phone,timezone\n79031234567,{MOSCOW}\n") == [NewClient(79031234567, "903", "", MOSCOW)]


def test_quotes_and_commas_may_be_in_a_tag() -> None:
    assert _taken(f'phone,tag,timezone\n79161234567,"a ""b"", c",{MOSCOW}\n')[0].tag == 'a "b", c'


@pytest.mark.parametrize(
    ("row", "column", "value", "reason", "code", "limit"),
    [
        (f"7916,916,vip,{MOSCOW}", "phone", "7916", f'{PHONE}"7916"', ProblemCode.NOT_A_PHONE, None),
        (f",916,vip,{MOSCOW}", "phone", "", f'{PHONE}""', ProblemCode.NOT_A_PHONE, None),
        (
            *(f"79161234567,MTS,vip,{MOSCOW}", "operator_code", "MTS"),
            *('must be 1 to 8 digits, such as 916; given: "MTS"', ProblemCode.NOT_AN_OPERATOR_CODE, 8),
        ),
        (
            *(f"79161234567,916,a\x00b,{MOSCOW}", "tag", "a\x00b"),
            *(f'{TAG}"a\\u0000b"', ProblemCode.FORBIDDEN_CHARACTERS, None),
        ),
        (
            *(f"79161234567,916,\udcff,{MOSCOW}", "tag", "\udcff"),
            *(f'{TAG}"\\udcff"', ProblemCode.FORBIDDEN_CHARACTERS, None),
        ),
        (
            *(f"79161234567,916,{'x' * 101},{MOSCOW}", "tag", "x" * 101),
            *("must be at most 100 characters; given: 101", ProblemCode.TOO_LONG, 100),
        ),
        (
            *("79161234567,916,vip,MSK", "timezone", "MSK"),
            *('must be an IANA time zone, such as Europe/Moscow; given: "MSK"', ProblemCode.NOT_A_TIME_ZONE, None),
        ),
        ("79161234567,916,vip", "", "", "has 3 fields where the header has 4", ProblemCode.WRONG_FIELD_COUNT, 4),
        (
            *(f"79161234567,916,vip,{MOSCOW},", "", ""),
            *("has 5 fields where the header has 4", ProblemCode.WRONG_FIELD_COUNT, 4),
        ),
        (
            *(f'79161234567,916,"vip"x,{MOSCOW}', "", ""),
            *("is not CSV: ',' expected after '\"'", ProblemCode.NOT_CSV, None),
        ),
    ],
)
def test_a_bad_row_is_named_and_the_next_one_is_taken(
    row: str, column: str, value: str, reason: str, code: ProblemCode, limit: int | None
) -> None:
    batch = _only_batch(f"phone,operator_code,tag,timezone\n{row}\n79161234567,,vip,{MOSCOW}\n")

    assert batch.rejections == [Rejection(2, column, value, reason, code, limit)]
    assert (batch.rows, batch.rejected, list(batch.clients.values())) == (2, 1, [ANN])


def test_everything_wrong_with_a_row_is_told_and_it_counts_once() -> None:
    batch = _only_batch("phone,tag,timezone\n1,\t,x\n")
    assert [(r.line, r.column) for r in batch.rejections] == [(2, "phone"), (2, "tag"), (2, "timezone")]
    assert batch.rejected == 1


def test_lines_are_those_of_the_file_also_after_quoted_line_breaks() -> None:
    batch = _only_batch(
        "phone,tag,timezone\r\n"
        f'79161234567,"two\r\nlines",{MOSCOW}\r\n'  # 2 and 3
        "\r\n"
        f"7,vip,{MOSCOW}\r\n"  # 5
        f'79161234567,"th\nr\nee",{MOSCOW}\r\n'  # 6 to 8
        f"8,vip,{MOSCOW}\r\n"  # 9
    )
    assert [(r.line, r.column) for r in batch.rejections] == [(2, "tag"), (5, "phone"), (6, "tag"), (9, "phone")]


def test_a_quote_that_is_never_closed_is_one_bad_row() -> None:
    batch = _only_batch(f'phone,tag,timezone\n79161234567,vip,{MOSCOW}\n79031234567,"vip,{MOSCOW}\n')
    assert batch.rejections == [
        Rejection(3, "", "", "a quoted field does not end; is a closing quote missing?", ProblemCode.UNCLOSED_QUOTE)
    ]
    assert list(batch.clients.values()) == [ANN]


@pytest.mark.parametrize("end", ["", '79031234567,"b",UTC\n', '"x\n'])
def test_a_missing_quote_swallows_no_row_that_follows(end: str) -> None:
    # Given a quote that is open to the end of the file, to the next quote, or longer than a field may be
    rows = "".join(f"7916{n:07},vip,{MOSCOW}\n" for n in range(6_000 if end else 10))

    batch = _only_batch(f'phone,tag,timezone\n79161234567,"vip,{MOSCOW}\n{rows}{end}')

    assert (batch.rejections[0].line, batch.rejections[0].code.value) in {(2, "UNCLOSED_QUOTE"), (2, "NOT_CSV")}
    assert len(batch.clients) == rows.count("\n") + end.startswith("7")
    assert batch.rejected == 1 + end.startswith('"')


def test_quotes_that_lead_on_from_line_to_line_are_not_followed_to_the_end_each_time() -> None:
    # Given rows of which each closes a quote, and opens another
    class CountingFile(io.StringIO):
        read = 0

        def readline(self, size: int | None = -1, /) -> str:
            CountingFile.read += 1
            return super().readline(-1 if size is None else size)

    file = CountingFile("phone,tag,timezone\n" + 3 * BATCH_ROWS * 'x",a,"\n', newline="")

    # When a batch is read
    batch = next(ClientRows(file).batches())

    # Then it was not necessary to read much further
    assert (batch.rejected, len(batch.rejections)) == (BATCH_ROWS, BATCH_ROWS)
    assert CountingFile.read < BATCH_ROWS + 1_000


def test_a_huge_field_is_refused_without_being_held() -> None:
    class CountingFile(io.StringIO):
        longest = 0

        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # typeshed takes it for a file of bytes
            line = super().readline(size)
            self.longest = max(self.longest, len(line))
            return line

    rows = [f"7916123456{n},{'x' * 3_000_000},{MOSCOW}" for n in range(2)]
    file = CountingFile("\n".join(["phone,tag,timezone", *rows, f"79161234567,vip,{MOSCOW}"]))
    (batch,) = ClientRows(file).batches()

    assert [(r.line, r.reason) for r in batch.rejections] == [
        (n, "has 2 fields where the header has 3") for n in (2, 3)
    ]
    assert list(batch.clients.values()) == [ANN]
    assert file.longest == LONGEST_LINE


def test_the_last_row_of_a_phone_wins() -> None:
    rows = [f"79161234567,{tag},{MOSCOW}" for tag in ("new", "regular", "vip")]
    batch = _only_batch("phone,tag,timezone\n" + "\n".join(rows))
    assert (list(batch.clients.values()), batch.rows, batch.superseded) == ([ANN], 3, 2)


def test_only_a_batch_is_held_at_a_time() -> None:
    read = 0

    class EndlessFile(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # as above
            nonlocal read
            read += 1
            return "phone,timezone\n" if read == 1 else f"7{read:010},{MOSCOW}\n"

    batches = ClientRows(EndlessFile()).batches()
    assert [len(next(batches).clients) for _ in range(3)] == [BATCH_ROWS] * 3
    assert read == 1 + 3 * BATCH_ROWS


@pytest.mark.parametrize(
    ("header", "first_line", "line"),
    [
        ("phone,timezone\n", None, 3),
        ("phone,timezone\n", 2, 3),
        ("phone,timezone\n", 5_001, 5_002),
        ("\n\nphone,timezone\r\n", 5_001, 5_002),
        ('"phone","timezone\n"\n', 1, 2),
    ],
)
def test_lines_of_a_piece_are_those_of_the_whole_file(header: str, first_line: int | None, line: int) -> None:
    text = f"{header}79161234567,{MOSCOW}\n7,{MOSCOW}\n\n8,{MOSCOW}"

    (batch,) = ClientRows(io.StringIO(text, newline=""), first_line).batches()

    assert [rejection.line for rejection in batch.rejections] == [line, line + 2]


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        ("", EMPTY, ProblemCode.EMPTY_FILE),
        ("\n\n", EMPTY, ProblemCode.EMPTY_FILE),
        (
            "79161234567,Europe/Moscow\n",
            'its header lacks phone and timezone: "79161234567,europe/moscow"',
            ProblemCode.COLUMN_MISSING,
        ),
        ("phone,tag\n", 'its header lacks timezone: "phone,tag"', ProblemCode.COLUMN_MISSING),
        (
            "phone;timezone\n",
            'its header lacks phone and timezone: "phone;timezone"; columns must be separated by commas',
            ProblemCode.COLUMN_MISSING,
        ),
        (
            "phone,timezone,tags\n",
            'its header names "tags"; the columns are phone, operator_code, tag, timezone',
            ProblemCode.COLUMN_UNKNOWN,
        ),
        (
            "phone,timezone,phone\n",
            'its header names a column twice: "phone,timezone,phone"',
            ProblemCode.COLUMN_REPEATED,
        ),
        (
            '"phone,timezone\n',
            "its header cannot be read: a quoted field does not end; is a closing quote missing?",
            ProblemCode.UNCLOSED_QUOTE,
        ),
        (
            '"phone"x,timezone\n',
            "its header cannot be read: is not CSV: ',' expected after '\"'",
            ProblemCode.NOT_CSV,
        ),
        ("\udcff\udcfep\x00h\x00", "it is not UTF-8", ProblemCode.FORBIDDEN_CHARACTERS),
    ],
)
def test_an_unusable_header_is_one_clear_line(text: str, reason: str, code: ProblemCode) -> None:
    with pytest.raises(UnusableHeaderError) as raised:
        ClientRows(io.StringIO(text, newline=""))
    assert (str(raised.value), raised.value.code) == (reason, code)
