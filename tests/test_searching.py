"""What is typed to find something, as a regular expression of PostgreSQL."""

import string

import pytest

from mailing.searching import any_case, search_problem
from tests.conftest import Sql


@pytest.mark.parametrize(
    ("text", "searched", "is_found"),
    [
        ("vip", "a VIP client", True),
        ("ВИП", "вип", True),
        ("straße", "STRASSE", False),
        ("İstanbul", "İSTANBUL", True),
        ("a.c", "abc", False),
        ("***:", "x***:", True),
        ("(?i)", "(?I)", True),
        ("\\d", "1", False),
        ("\\d", "C:\\D", True),
        ("2\n3", "12\n34", True),
        ("😀", "a😀", True),
        (string.printable, string.printable.swapcase(), True),
        # Letters of which the database knows no other form in this locale.
        ("ǆ", "Ǆ", True),
    ],
)
async def test_capital_and_small_letters_are_the_same_and_nothing_is_special(
    sql: Sql, text: str, searched: str, is_found: bool
) -> None:
    for collation in ("default", "C"):
        (row,) = await sql(f'SELECT $1 COLLATE "{collation}" ~ $2 AS found', searched, any_case(text))
        assert row["found"] is is_found


async def test_every_character_finds_itself_and_only_itself(sql: Sql) -> None:
    characters = [chr(code) for code in range(1, 0x3000)]

    rows = await sql(
        """
        SELECT c.text FROM unnest($1::text[], $2::text[]) AS c (text, pattern)
        WHERE NOT c.text ~ ('^' || c.pattern || '$') OR 'a' || c.text || 'b' ~ ('^' || c.pattern || '$')
        """,
        characters,
        [any_case(character) for character in characters],
    )

    assert rows == []


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("", None),
        ("x" * 100, None),
        ("x" * 101, "must be at most 100 characters; given: 101"),
        ("\0", "must not hold NUL or half a surrogate pair"),
        ("\ud83d", "must not hold NUL or half a surrogate pair"),
    ],
)
def test_what_the_database_cannot_look_for_is_told(raw: str, problem: str | None) -> None:
    assert search_problem(raw) == problem
