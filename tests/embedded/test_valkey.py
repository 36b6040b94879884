import subprocess
from pathlib import Path

import redis
import redis.asyncio

from mailing.embedded.account import server_account
from mailing.embedded.valkey import ValkeyServer
from tests.embedded.processes import eventually, is_gone


async def test_both_kinds_of_client_reach_it_and_no_network_does(folder: Path) -> None:
    with ValkeyServer(folder / "vk", persistent=False) as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("k", "v")
            assert client.config_get("port", "maxmemory-policy") == {"port": "0", "maxmemory-policy": "noeviction"}
        async with redis.asyncio.Redis.from_url(server.url) as later:
            assert await later.get("k") == b"v"
        assert (folder / "vk/socket").stat().st_mode & 0o777 == 0o700


def test_a_persistent_one_keeps_what_it_has_even_when_it_is_killed(folder: Path) -> None:
    # Given a value, and a server that was killed after the second that it takes to be safe
    server = ValkeyServer(folder / "vk", persistent=True)
    with server:
        with redis.Redis.from_url(server.url) as client:
            client.set("k", "v")
            assert client.execute_command("WAITAOF", 1, 0, 5000) == [1, 0]
        pid = server.pid
        server.kill()
        assert is_gone(pid)

    # When it starts again, then the value is there
    with server, redis.Redis.from_url(server.url) as client:
        assert client.get("k") == b"v"


def test_one_that_is_not_persistent_forgets(folder: Path) -> None:
    server = ValkeyServer(folder / "vk", persistent=False)
    with server, redis.Redis.from_url(server.url) as client:
        client.set("k", "v")

    with server, redis.Redis.from_url(server.url) as client:
        assert client.get("k") is None


def test_a_server_left_by_a_killed_run_is_ended_by_the_next_start(folder: Path) -> None:
    # Given a server whose owner is gone
    first = ValkeyServer(folder / "vk", persistent=True)
    with first:
        pass
    argv, account = first.prepare(), server_account()
    leftover = subprocess.Popen(
        argv,
        cwd="/",
        stdout=subprocess.DEVNULL,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    assert eventually(first.is_ready)

    # When the next run starts, then the old one was shut down in order, and the new one serves
    with ValkeyServer(folder / "vk", persistent=True) as server:
        assert leftover.wait(5) == 0
        assert server.is_ready()
