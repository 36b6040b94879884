"""What the direct client does on its connections; what it has in common with the other one stands in test_http.py."""

import asyncio
import gc
import socket
import struct
from dataclasses import replace
from itertools import pairwise
from time import monotonic

import pytest

from mailing.provider.direct import connection as connection_module
from mailing.provider.direct.connection import Connection
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.protocol import Outgoing, Verdict
from tests.provider.conftest import MESSAGE, OK, ProviderFor, RawServer, request_head, whole_request
from tests.waiting import until


class Server:
    """Plays the same bytes after every request, and notes what came on which connection."""

    def __init__(self, *writes: bytes, hangs_up: bool = False) -> None:
        self.writes = writes
        self.hangs_up = hangs_up
        self.requests: list[int] = []
        """For each request, the number of its connection."""
        self.ended = 0
        self._connections = 0

    @property
    def connections(self) -> int:
        return self._connections

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        try:
            while True:
                await whole_request(reader)
                self.requests.append(number)
                for piece in self.writes:
                    writer.write(piece)
                    await asyncio.sleep(0.005)
                if self.hangs_up:
                    return
        finally:
            self.ended += 1


async def test_connections_are_used_again(raw_server: RawServer, provider_for: ProviderFor) -> None:
    server = Server(OK)
    provider = provider_for(await raw_server(server))

    for _ in range(3):
        await provider.send(MESSAGE)
    await asyncio.gather(*(provider.send(MESSAGE) for _ in range(3)))
    await asyncio.gather(*(provider.send(MESSAGE) for _ in range(3)))

    assert (server.connections, len(server.requests)) == (3, 9)


async def test_there_are_never_more_connections_than_requests_may_be_in_flight(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    server = Server(OK)
    provider = provider_for(await raw_server(server), requests_in_flight=2)

    answers = await asyncio.gather(*(provider.send(MESSAGE) for _ in range(20)))

    assert {answer.verdict for answer in answers} == {Verdict.ACCEPTED}
    assert (server.connections, len(server.requests)) == (2, 20)


@pytest.mark.parametrize(
    "wire",
    [
        OK.replace(b"Content", b"Connection: close\r\nContent"),
        OK.replace(b"1.1", b"1.0"),
        OK + OK,
        OK + b"HTTP/1.1 200",
        OK + b"nonsense",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz",
    ],
)
async def test_a_connection_is_not_used_again_where_the_next_answer_would_be_in_doubt(
    raw_server: RawServer, provider_for: ProviderFor, wire: bytes
) -> None:
    server = Server(wire)
    provider = provider_for(await raw_server(server))

    first, second = await provider.send(MESSAGE), await provider.send(MESSAGE)

    assert server.requests == [1, 2]
    assert (first.verdict, first.reason) == (second.verdict, second.reason)
    await until(lambda: server.ended == 2)


@pytest.mark.parametrize("late", [b"x", OK, b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"])
async def test_a_connection_that_speaks_unasked_is_dropped_at_once(
    raw_server: RawServer, provider_for: ProviderFor, late: bytes
) -> None:
    server = Server(OK, late)
    provider = provider_for(await raw_server(server))

    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED
    await until(lambda: server.ended)

    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED
    assert server.requests == [1, 2]


async def test_a_connection_that_speaks_before_it_is_asked_gets_no_request(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = bytearray()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.extend(await reader.read())

    made = Connection.connection_made

    def made_with_a_greeting(self: Connection, transport: asyncio.BaseTransport) -> None:
        made(self, transport)
        self.data_received(b"HTTP/1.1 503 Full\r\n\r\n")

    monkeypatch.setattr(Connection, "connection_made", made_with_a_greeting)

    answer = await provider_for(await raw_server(greet)).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "connection failed")
    assert got == b""


async def test_an_idle_connection_closes_after_its_time(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "KEEP_ALIVE_SECONDS", 0.1)
    server = Server(OK)
    provider = provider_for(await raw_server(server))

    began = monotonic()
    await provider.send(MESSAGE)
    await until(lambda: server.ended)

    assert 0.1 <= monotonic() - began < 5
    await provider.send(MESSAGE)
    assert server.requests == [1, 2]


async def test_no_request_leaves_on_a_connection_that_should_have_been_closed_while_the_loop_was_busy(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "KEEP_ALIVE_SECONDS", 0.02)
    server = Server(OK)
    provider = provider_for(await raw_server(server))
    await provider.send(MESSAGE)

    ends = monotonic() + 0.03
    while monotonic() < ends:  # Without a moment for the loop, in which its alarm could ring.
        pass
    await provider.send(MESSAGE)

    assert server.requests == [1, 2]


async def test_a_drip_of_bytes_does_not_outlast_the_timeout(raw_server: RawServer, provider_for: ProviderFor) -> None:
    server = Server(*(bytes([byte]) for byte in OK.replace(b"Content", b"X: " + b"y" * 500 + b"\r\nContent")))
    provider = provider_for(await raw_server(server), provider_timeout_seconds=0.2)

    answer = await provider.send(MESSAGE)

    assert (answer.verdict, answer.reason, answer.http_status) == (Verdict.UNANSWERED, "timeout", None)
    assert 200 <= answer.duration_ms < 5_000


async def test_a_server_that_does_not_read_does_not_outlast_the_timeout(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    async def look_away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's transports have it
        await ended.wait()

    ended = asyncio.Event()
    provider = provider_for(await raw_server(look_away), provider_timeout_seconds=0.2)

    answer = await provider.send(replace(MESSAGE, text="x" * 30_000_000))
    ended.set()

    assert (answer.verdict, answer.reason) == (Verdict.UNANSWERED, "timeout")
    assert 200 <= answer.duration_ms < 5_000


async def test_an_answer_before_the_request_has_left_stands_and_ends_the_connection(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    connections = 0

    async def answer_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await request_head(reader)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's transports have it
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await asyncio.wait_for(ended.wait(), 5)

    ended = asyncio.Event()
    provider = provider_for(await raw_server(answer_early))

    for _ in range(2):
        answer = await provider.send(replace(MESSAGE, text="x" * 30_000_000))
        assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "HTTP 413")
    ended.set()

    assert connections == 2


async def test_a_reset_is_a_lost_connection(raw_server: RawServer, provider_for: ProviderFor) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        # Without lingering, closing a socket sends a reset instead of an orderly end.
        no_lingering = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_lingering)
        writer.transport.abort()

    answer = await provider_for(await raw_server(reset)).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.UNANSWERED, "connection lost")
    assert answer.excerpt == "ConnectionResetError: [Errno 104] Connection reset by peer"


async def test_a_cancelled_request_takes_its_connection_with_it(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    """Its answer would be taken for the next one's."""
    requests, ended, go_on = [], [], asyncio.Event()

    async def answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                requests.append(await whole_request(reader))
                is_first = len(requests) == 1
                await go_on.wait()
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" if is_first else OK)
        finally:
            ended.append(writer)

    provider = provider_for(await raw_server(answer_late), requests_in_flight=1)
    send = asyncio.create_task(provider.send(replace(MESSAGE, id=1)))
    await until(lambda: requests)

    send.cancel()
    with pytest.raises(asyncio.CancelledError):
        await send
    go_on.set()
    answer = await provider.send(replace(MESSAGE, id=2))

    assert answer.verdict is Verdict.ACCEPTED
    assert [request.split()[1] for request in requests] == [b"/v1/send/1", b"/v1/send/2"]
    await until(lambda: ended)


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancellation_at_any_moment_leaks_neither_a_connection_nor_a_place(
    raw_server: RawServer, provider_for: ProviderFor, turns: int
) -> None:
    server = Server(OK)
    provider = provider_for(await raw_server(server), requests_in_flight=1)

    for _ in range(3):
        send = asyncio.create_task(provider.send(MESSAGE))
        for _ in range(turns):
            await asyncio.sleep(0)
        send.cancel()
        await asyncio.gather(send, return_exceptions=True)

    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED
    await until(lambda: server.connections - server.ended == 1)
    await provider.close()
    await until(lambda: server.connections == server.ended)


async def test_one_that_waits_for_a_connection_gives_up_in_time_and_leaves_its_place(
    fake: FakeProvider, provider_for: ProviderFor
) -> None:
    await fake.set_scenario(Scenario(latency_ms=200))
    provider = provider_for(fake.url, requests_in_flight=1)
    first = asyncio.create_task(provider.send(replace(MESSAGE, id=1)))
    await until(lambda: fake.ledger.requests)
    cancelled = asyncio.create_task(provider.send(replace(MESSAGE, id=2)))
    late = await provider.send(replace(MESSAGE, id=3), leave_within=0.05)
    cancelled.cancel()

    assert (late.verdict, late.reason) == (Verdict.DEFERRED, "connect timeout")
    assert (await first).verdict is Verdict.ACCEPTED
    assert (await provider.send(replace(MESSAGE, id=4))).verdict is Verdict.ACCEPTED
    assert [entry.id for entry in fake.ledger.entries()] == [1, 4]


async def test_closing_ends_one_that_is_connecting(raw_server: RawServer, provider_for: ProviderFor) -> None:
    connected = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()

    # The TLS handshake belongs to connecting, and nobody answers it.
    provider = provider_for((await raw_server(say_nothing)).replace("http:", "https:"))
    send = asyncio.create_task(provider.send(MESSAGE))
    await connected.wait()

    await provider.close()
    answer = await send

    assert (answer.verdict, answer.reason) == (Verdict.UNSENT, "client closed")
    assert answer.duration_ms < 5_000


async def test_closing_leaves_nothing_open_and_may_be_done_twice(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    server = Server(OK)
    provider = provider_for(await raw_server(server))
    await asyncio.gather(*(provider.send(MESSAGE) for _ in range(4)))

    await provider.close()
    await provider.close()

    await until(lambda: server.ended == 4)


async def test_a_thousand_requests_leave_no_memory_behind(fake: FakeProvider, provider_for: ProviderFor) -> None:
    provider = provider_for(fake.url, requests_in_flight=4)

    async def send_a_thousand() -> int:
        for _ in range(10):
            await asyncio.gather(*(provider.send(MESSAGE) for _ in range(100)))
        gc.collect()
        return len(gc.get_objects())

    # Given what is made once and kept, by us and by the libraries
    await send_a_thousand()
    tasks = len(asyncio.all_tasks())

    # When
    objects = [await send_a_thousand() for _ in range(4)]

    # Then: what leaks does so each time, what else lives in this process does not
    assert min(after - before for before, after in pairwise(objects)) < 500
    assert len(asyncio.all_tasks()) == tasks


async def test_an_exchange_starts_no_task(raw_server: RawServer, provider_for: ProviderFor) -> None:
    seen: set[int] = set()

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await whole_request(reader)
            seen.add(len(asyncio.all_tasks()))
            writer.write(OK)

    provider = provider_for(await raw_server(count))
    await provider.send(MESSAGE)
    seen.clear()
    before = len(asyncio.all_tasks())

    await provider.send(MESSAGE)

    assert seen == {before}


async def test_a_port_where_nobody_listens_refuses(provider_for: ProviderFor) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        answer = await provider_for(f"http://127.0.0.1:{bound.getsockname()[1]}").send(Outgoing(1, 2, "3"))

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "connection refused")
    assert answer.excerpt is not None
    assert answer.excerpt.startswith("ConnectionRefusedError: ")
