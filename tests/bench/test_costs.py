"""Whose cost a sample is."""

from bench.costs import part_of, read_stacks

LOOP = "EventLoopThread.run (/v/lib/python3.11/site-packages/dramatiq/asyncio.py:71)"
SENDER = "Senders._send (/src/mailing/delivery/senders.py:165)"


def test_stacks_are_read_as_py_spy_writes_them() -> None:
    # Given
    lines = [f"{LOOP};{SENDER} 12", f"{LOOP} 3"]

    # Then
    assert read_stacks(lines) == [([LOOP, SENDER], 12), ([LOOP], 3)]


def test_a_sample_belongs_to_the_innermost_part_and_the_standard_library_to_its_caller() -> None:
    # Given
    library = "create_task (/usr/lib/python3.11/asyncio/tasks.py:374)"
    client = "ClientSession._request (/v/lib/python3.11/site-packages/aiohttp/client.py:500)"

    # Then
    assert part_of([LOOP, SENDER, library]) == "senders"
    assert part_of([LOOP, SENDER, client, library]) == "aiohttp"
    assert part_of([LOOP]) == "event loop (uvloop)"
