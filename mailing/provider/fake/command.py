"""The fake provider as a process of its own."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

from mailing.provider.fake.scenario import Scenario
from mailing.provider.fake.server import FakeProvider


def run(
    host: str = "127.0.0.1", port: int = 0, scenario: Scenario | None = None, admin_port: int | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then end at once.

    Prints one line with the addresses as soon as it listens: where port 0 was given, that is how to learn the port.
    Raises OSError if a port cannot be had.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(FakeProvider(scenario, host=host, port=port, admin_port=admin_port)))


async def _serve(fake: FakeProvider) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with fake:
        print(f"fake provider: {fake.url} (ledger: {fake.admin_url}/_ledger)", flush=True)
        await stop.wait()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one: it halves the cost of a request."""
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None
