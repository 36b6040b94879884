"""The floor: the service's requests to the provider without the service. Bare aiohttp loops, no database.

    python -m bench.floor URL FIRST_ID COUNT IN_FLIGHT

is one sender: it says "ready", waits for a line on its standard input, sends, and says how many were accepted.
"""

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import count as count_from

import aiohttp
import orjson
import uvloop
from yarl import URL

from bench.machine import CpuTimes, cpu_times
from bench.run import TEXT
from bench.site import TOKEN

FIRST_PHONE = 79_000_000_000

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/json",
    "User-Agent": "mailing-service",
}


@dataclass(frozen=True, slots=True)
class FloorRun:
    """One measurement of the floor."""

    messages: int
    seconds: float
    cpu: CpuTimes

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds


def measure_floor(url: str, messages: int, processes: int, in_flight: int, provider_pid: int) -> FloorRun:
    """Send that many messages from that many processes at once, `in_flight` requests in each."""
    share = messages // processes
    senders = [_start(url, 1 + n * share, share, in_flight) for n in range(processes)]
    try:
        for sender in senders:
            _hear(sender)
        pids = {f"worker {n}": [sender.pid] for n, sender in enumerate(senders, 1)} | {"fake provider": [provider_pid]}
        before, began = cpu_times(pids), time.monotonic()
        for sender in senders:
            _say(sender)
        accepted = sum(int(_hear(sender)) for sender in senders)
        run = FloorRun(accepted, time.monotonic() - began, cpu_times(pids).since(before))
        for sender in senders:
            _say(sender)
    finally:
        for sender in senders:
            if sender.stdin is not None:
                sender.stdin.close()
            sender.wait()
    if accepted != share * processes:
        raise RuntimeError(f"the fake provider accepted {accepted} of {share * processes} bare requests")
    return run


def _start(url: str, first_id: int, count: int, in_flight: int) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "bench.floor", url, str(first_id), str(count), str(in_flight)]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _say(sender: subprocess.Popen[str]) -> None:
    assert sender.stdin is not None
    sender.stdin.write("go on\n")
    sender.stdin.flush()


def _hear(sender: subprocess.Popen[str]) -> str:
    assert sender.stdout is not None
    return sender.stdout.readline()


async def _send_all(url: str, first_id: int, count: int, in_flight: int) -> int:
    base = URL(url)
    ids = iter(range(first_id, first_id + count))
    accepted = count_from()

    async def keep_sending(session: aiohttp.ClientSession) -> None:
        for number in ids:
            body = orjson.dumps({"id": number, "phone": FIRST_PHONE + number, "text": TEXT})
            target = base.with_path(f"{base.path}/send/{number}", encoded=True)
            async with session.post(target, data=body) as response:
                if response.status == 200 and orjson.loads(await response.read())["code"] == 0:
                    next(accepted)

    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector, headers=_HEADERS) as session, asyncio.TaskGroup() as senders:
        for _ in range(in_flight):
            senders.create_task(keep_sending(session))
    return next(accepted)


def _main(url: str, first_id: str, count: str, in_flight: str) -> None:
    print("ready", flush=True)
    if not sys.stdin.readline():
        return
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(runner.run(_send_all(url, int(first_id), int(count), int(in_flight))), flush=True)
    # Its processor time is read while it is still there.
    sys.stdin.readline()


if __name__ == "__main__":
    _main(*sys.argv[1:])
