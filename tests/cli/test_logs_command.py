"""`mailing logs`."""

import json
import sys
from pathlib import Path

import pytest

from tests.running import Ran, run

WORKER = [
    {"timestamp": "2026-11-22T13:00:01.000000Z", "event": "message.requested", "message_id": "message_1"},
    {"timestamp": "2026-11-22T13:00:03.000000Z", "event": "message.requested", "message_id": "message_10"},
    {
        "timestamp": "2026-11-22T13:00:04.000000Z",
        "event": "message.answered",
        "message_id": "message_1",
        "reason": "a b",
    },
]
API = [
    {"timestamp": "2026-11-22T13:00:00.000000Z", "event": "older", "message_ids": ["message_1", "message_2"]},
    {"timestamp": "2026-11-22T13:00:02.000000Z", "event": "newer", "message_id": "message_1", "exception": "A\nB"},
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """One whose API has begun a new file between its two lines."""
    folder = tmp_path / "logs"
    folder.mkdir()
    out_of_order = [WORKER[1], WORKER[0], WORKER[2]]
    (folder / "worker-1.jsonl").write_text("".join(json.dumps(line) + "\n" for line in out_of_order))
    (folder / "api.jsonl.1").write_text(json.dumps(API[0]) + "\n")
    (folder / "api.jsonl").write_text("message_1 in prose\n" + json.dumps(API[1]) + "\n")
    (folder / "notes.txt").write_text("message_1")
    return tmp_path


async def logs(*arguments: object, folder: Path, stdin: str = "") -> Ran:
    return await run(sys.executable, "-P", "-m", "mailing", "logs", *arguments, folder=folder, stdin=stdin)


async def test_all_lines_that_name_an_id_come_in_the_order_of_time_over_all_processes(data_dir: Path) -> None:
    # When
    shown = await logs("message_1", "--data-dir", data_dir, "--json", folder=data_dir)

    # Then
    assert shown.status == 0
    assert shown.output.splitlines() == [
        json.dumps(API[0]),
        "message_1 in prose",
        json.dumps(WORKER[0]),
        json.dumps(API[1]),
        json.dumps(WORKER[2]),
    ]


async def test_people_see_when_who_and_what(data_dir: Path) -> None:
    shown = await logs(
        "message_1", data_dir / "logs" / "worker-1.jsonl", "-", folder=data_dir, stdin=json.dumps(API[1])
    )

    assert [" ".join(line.split()) for line in shown.output.splitlines()] == [
        "2026-11-22 13:00:01.000 ? message.requested message_id=message_1",
        "2026-11-22 13:00:02.000 ? newer message_id=message_1",
        "A",
        "B",
        "2026-11-22 13:00:04.000 ? message.answered message_id=message_1 reason='a b'",
    ]


async def test_what_a_collector_puts_before_a_line_does_not_matter(data_dir: Path) -> None:
    shown = await logs("message_1", "-", folder=data_dir, stdin=f"pod/worker-7 {json.dumps(WORKER[0])}\n")
    assert " ".join(shown.output.split()) == "2026-11-22 13:00:01.000 ? message.requested message_id=message_1"


async def test_an_id_that_no_line_names_is_told(data_dir: Path) -> None:
    shown = await logs("message_3", "--data-dir", data_dir, folder=data_dir)
    assert (shown.status, shown.errors) == (1, f"mailing: no line in {data_dir / 'logs'} names message_3\n")


async def test_where_there_are_no_logs_it_says_what_to_name(tmp_path: Path) -> None:
    nothing = await logs("message_3", "--data-dir", tmp_path, folder=tmp_path)
    no_file = await logs("message_3", tmp_path / "x", folder=tmp_path)

    assert (nothing.status, nothing.errors) == (
        1,
        f"mailing: there are no logs in {tmp_path / 'logs'}; name files, or another --data-dir\n",
    )
    assert (no_file.status, no_file.errors) == (1, f"mailing: there is no file {tmp_path / 'x'}\n")


async def test_what_steers_a_terminal_or_is_no_text_is_shown_as_what_it_is(tmp_path: Path) -> None:
    # Given what callers may have chosen, in a line and in what is none
    line = {
        "timestamp": "2026-11-22T13:00:00Z",
        "event": "x\x1b[2J",
        "message_id": "message_1",
        "a": "\x1b[31m",
        "b": "\ud83d",
    }
    file = tmp_path / "a.log"
    file.write_bytes(json.dumps(line).encode() + b"\n\xff message_1 \x1b[31m\n")

    # When
    ran = await logs("message_1", file, folder=tmp_path)

    # Then
    assert (ran.status, ran.errors) == (0, "")
    first, second = ran.output.splitlines()
    assert first.split()[3:] == [r"x\x1b[2J", "message_id=message_1", r"a='\x1b[31m'", r"b='\ud83d'"]
    assert second == "\ufffd message_1 \\x1b[31m"


async def test_a_pipe_is_a_file_like_others(data_dir: Path) -> None:
    # When
    shown = await logs("message_1", "/dev/stdin", "--json", folder=data_dir, stdin=json.dumps(WORKER[0]))

    # Then
    assert shown.output.splitlines() == [json.dumps(WORKER[0])]


async def test_what_is_no_id_and_no_file_is_refused(data_dir: Path) -> None:
    nobody = await logs(" ", folder=data_dir)
    assert (nobody.status, nobody.output, nobody.errors) == (1, "", "mailing: ID must not be empty\n")

    folder = await logs("message_1", data_dir, folder=data_dir)
    assert (folder.status, folder.errors) == (1, f"mailing: there is no file {data_dir}\n")
