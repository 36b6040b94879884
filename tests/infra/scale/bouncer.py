"""PgBouncer in transaction mode before a PostgreSQL server, where there is one (apt-get install pgbouncer)."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from mailing.child_process import spawn
from mailing.cli.preconditions import free_port
from mailing.embedded.account import server_account
from tests.waiting import until

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")

_CONFIGURATION = """
[databases]
* = host={socket} user=mailing pool_size={pool_size}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 500
"""


@contextmanager
def bouncer(server_url: str, folder: Path, *, pool_size: int) -> Iterator[str]:
    """Runs it before the server; answers a URL like `server_url` that leads through it.

    With as many connections to PostgreSQL for each database, and with its own defaults in all else.
    """
    assert PROGRAM
    port = free_port()
    configuration = folder / "pgbouncer.ini"
    socket = parse_qs(urlsplit(server_url).query)["host"][0]
    configuration.write_text(_CONFIGURATION.format(socket=socket, port=port, pool_size=pool_size))
    for path in (folder, configuration):
        path.chmod(0o755)
    # It does not run as root, and must be who may reach PostgreSQL's socket.
    process = spawn(
        [PROGRAM, str(configuration)], env={}, signal_on_owner_death=signal.SIGKILL, account=server_account()
    )
    try:
        yield f"postgres://mailing@127.0.0.1:{port}{urlsplit(server_url).path}"
    finally:
        process.kill()
        process.wait()


async def until_it_answers(url: str) -> None:
    async def answers() -> bool:
        try:
            await (await asyncpg.connect(url, statement_cache_size=0)).close()
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    await until(answers, seconds=30)
