"""The API's edge in figures."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.edge.caller import Asked, keep_asking
from bench.edge.live import SOCKETS, STATES_A_SECOND, measure_live
from bench.figures import Figure, Section, at_least, at_most, middle_of
from bench.machine import cpu_times
from bench.run import Run
from gql_api.auth.visit import Visit
from gql_api.context import Context
from gql_api.schema import schema
from mailing.cli.parts import answers
from mailing.cli.preconditions import free_port
from mailing.roles import Role

CONNECTIONS = 16
SECONDS = 2.0
ROUNDS = 3

_TYPENAME = {"query": "{ __typename }"}
_PAGE = {"query": "{ clients(first: 100) { nodes { id phone operatorCode tag timezone createdAt } } }"}

_REMARK = (
    "One server process, asked by one lean client on a core of its own; the floor is Starlette with the same server "
    "options, which decodes the same request and answers the same JSON. Both are measured by turns, and the processor "
    "time of the server process for each request is what cannot be distorted by neighbours. States are published to "
    "Redis as workers do, while nothing else is going on; behind is from that moment to a socket's receipt."
)


async def measure_edge(run: Run) -> Section:
    """Ask the API the smallest question and a page of clients, and follow it live."""
    advance = run.screen.step("The API's edge", 2 * ROUNDS + 1)
    floor, service = [], []
    with _bare() as (url, pid):
        for number in range(ROUNDS):
            floor.append(await _asked(url, pid, _TYPENAME))
            advance(2 * number + 1)
            service.append(await _asked(run.site.api_url, run.site.api.pid, _TYPENAME))
            advance(2 * number + 2)
    page = await _asked(run.site.api_url, run.site.api.pid, _PAGE)
    advance(2 * ROUNDS + 1)
    execution_ms = await _execution_ms()
    live, problems = await measure_live(run)
    return Section(
        "edge",
        "The API's edge",
        [
            middle_of("floor: bare Starlette", [asked.per_second for asked, _ in floor], "requests/s"),
            middle_of("{ __typename }", [asked.per_second for asked, _ in service], "requests/s"),
            Figure("{ __typename } ÷ floor", _best(service) / _best(floor), "", at_least(0.2)),
            Figure("the same in processor time", _least_us(floor) / _least_us(service), "", at_least(0.2)),
            Figure("  floor, processor time a request", _least_us(floor), "µs"),
            Figure("  service, processor time a request", _least_us(service), "µs"),
            Figure("100 clients with six fields, processor time of the API", page[1], "µs"),
            Figure("  of their execution alone", execution_ms, "ms", at_most(5)),
            Figure(f"{SOCKETS} sockets × {STATES_A_SECOND} states/s: behind, p50", live.percentile(0.5), "ms"),
            Figure("  p99", live.percentile(0.99), "ms", at_most(50)),
        ],
        remark=_REMARK,
        problems=problems,
    )


async def _asked(url: str, pid: int | None, question: dict[str, str]) -> tuple[Asked, float]:
    """What was asked, and the microseconds of the server's processor time for each request."""
    assert pid is not None, "it runs"
    before = cpu_times({"server": [pid]})
    asked = await keep_asking(url, question, connections=CONNECTIONS, seconds=SECONDS)
    seconds = cpu_times({"server": [pid]}).since(before).parts["server"]
    if "errors" in asked.answer:
        raise RuntimeError(asked.answer)
    return asked, seconds / asked.requests * 1e6


def _best(runs: list[tuple[Asked, float]]) -> float:
    return max(asked.per_second for asked, _ in runs)


def _least_us(runs: list[tuple[Asked, float]]) -> float:
    return min(microseconds for _, microseconds in runs)


async def _execution_ms() -> float:
    """Processor time of one execution in this process, the reading of its rows included: the least of many."""
    nothing: Any = None  # The question asks for nothing live, and for no settings.
    times = []
    for _ in range(50):
        began = time.process_time()
        context = Context(nothing, nothing, Visit.of_all_with(Role.VIEWER), nothing)
        result = await schema.execute(_PAGE["query"], context_value=context)
        times.append((time.process_time() - began) * 1000)
        if result.errors:
            raise RuntimeError(result.errors)
    return min(times)


@contextmanager
def _bare() -> Iterator[tuple[str, int]]:
    """The floor's server; its URL and process."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.edge.bare", str(port)])
    try:
        is_up = answers(f"http://127.0.0.1:{port}/healthz")
        while not is_up():
            if server.poll() is not None:
                raise RuntimeError("the bare server ended")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/graphql", server.pid
    finally:
        server.terminate()
        server.wait()
