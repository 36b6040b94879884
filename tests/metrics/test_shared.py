"""Several processes that share PROMETHEUS_MULTIPROC_DIR: each shows the sums of all."""

import asyncio
import os
import sys
from pathlib import Path

from tests.metrics.pages import Sheet, read

_COUNTS = """
import sys
from mailing.metrics.exposition import Exposition, Role
from mailing.metrics import graphql
from mailing.metrics.process import POOL_CONNECTIONS
exposition = Exposition(Role.API)
for _ in range(int(sys.argv[1])):
    graphql.ended("query", "Page", "ok")
POOL_CONNECTIONS.labels("in_use").set(int(sys.argv[1]))
print("counted", flush=True)
sys.stdin.readline()
sys.stdout.write(exposition.page()[1].decode())
sys.stdout.flush()
sys.stdin.readline()
exposition.close()
"""

Process = asyncio.subprocess.Process


async def test_each_shows_the_sums_of_all_and_who_is_killed_holds_nothing_any_more(tmp_path: Path) -> None:
    # Given three that count, and hold connections
    processes = [await _counting(tmp_path, count) for count in (1, 20, 300)]

    # When one ends, and one is killed
    ended, killed, asked = processes
    await ended.communicate(b"\n\n")
    killed.kill()
    await killed.communicate()
    page = await _page(asked)

    # Then what was counted stays, and what was held is gone
    assert page.value("mailing_graphql_operations_total", operation="Page", outcome="ok") == 321
    assert page.value("mailing_database_pool_connections", state="in_use") == 300
    assert page.value("mailing_process_info", process="api") == 1
    assert page.families["mailing_graphql_operations"].documentation.startswith("GraphQL operations that have ended")


async def _counting(folder: Path, count: int) -> Process:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _COUNTS, str(count)),
        env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)},
        stdin=pipe,
        stdout=pipe,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"counted\n"
    return process


async def _page(process: Process) -> Sheet:
    output, _ = await process.communicate(b"\n\n")
    return read(output.decode())
