"""`mailing import` as a person runs it: what it prints, writes and answers."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mailing.settings import Settings
from tests.conftest import Sql

GOOD = "phone,tag,timezone\n79160000001,vip,Europe/Moscow\n79030000002,,Asia/Omsk\n"
_SPEED = re.compile(r"in [\d.,]+ s, [\d.,]+ rows/s")


@pytest.fixture
def env(settings: Settings) -> dict[str, str]:
    assert settings.database_url
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")}
    return outside | {"MAILING_DATABASE_URL": settings.database_url}  # It needs no Redis.


async def _run(
    env: dict[str, str], *arguments: str | Path, stdin: bytes | None = None
) -> tuple[int, list[str], list[str]]:
    """Exit status, lines of stdout with the speed cut out, and lines of stderr that are no log lines."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "mailing", "import", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=env,
        timeout=30,
    )
    said = _SPEED.sub("at some speed", done.stdout.decode()).splitlines()
    return done.returncode, said, [line for line in done.stderr.decode().splitlines() if not line.startswith("{")]


async def test_a_good_file(sql: Sql, env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())

    done = await _run(env, file)

    assert done == (0, ["created 2, updated 0, unchanged 0, rejected 0", "2 rows at some speed"], [])
    assert [row["tag"] for row in await sql("SELECT tag FROM client ORDER BY id")] == ["vip", ""]


async def test_rejected_rows_from_standard_input_are_shown_and_all_are_written_to_a_file(
    sql: Sql, env: dict[str, str], tmp_path: Path
) -> None:
    errors = tmp_path / "errors.csv"
    bad = b"".join(b"79160000003,\xff%d,Europe/Moscow\n" % n for n in range(25))

    status, said, complaints = await _run(env, "-", "--errors", errors, stdin=GOOD.encode() + bad)

    assert (status, complaints) == (2, [])
    assert said[0] == 'line 4: tag must not hold control characters; given: "\\udcff0"'
    assert said[19:] == [
        'line 23: tag must not hold control characters; given: "\\udcff19"',
        f"… and 5 more; all of them are in {errors}",
        "created 2, updated 0, unchanged 0, rejected 25",
        "27 rows at some speed",
    ]
    written = errors.read_text().splitlines()
    assert len(written) == 26
    assert written[:2] == [
        "line,field,value,reason",
        '4,tag,\\udcff0,"must not hold control characters; given: ""\\udcff0"""',
    ]


async def test_an_unusable_file_is_one_line_and_changes_nothing(sql: Sql, env: dict[str, str], tmp_path: Path) -> None:
    file, errors = tmp_path / "clients.csv", tmp_path / "errors.csv"
    file.write_bytes(GOOD.encode() + "79160000003,скидка,Europe/Moscow\n".encode("cp1251"))

    done = await _run(env, file, "--errors", errors)

    assert done == (1, [], [f"mailing: {file} cannot be imported: it is not UTF-8"])
    assert await sql("SELECT FROM client") == []
    assert not errors.exists()


async def test_the_file_to_import_is_not_overwritten(database: None, env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text(GOOD)

    done = await _run(env, file, "--errors", file)

    assert done == (1, [], [f"mailing: --errors: {file} is the file to import; it would be overwritten"])
    assert file.read_text() == GOOD
