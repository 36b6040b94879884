"""Peers that do not read."""

import asyncio

import pytest
import uvicorn
from starlette.applications import Starlette
from uvicorn.server import ServerState

from gql_api.http import stalled
from gql_api.http.socket import WebSocketProtocol
from mailing.models.mailing import MailingStatus
from tests.gql_api.api import Socket
from tests.gql_api.following import followed
from tests.progress.conftest import state
from tests.waiting import until

WIDE = " ".join(f"field{number:020}: sent" for number in range(450))
QUERY = f'subscription {{ mailingProgress(mailingId: "mailing_1") {{ sent {WIDE} }} }}'
"""Each of its states has 14 kB, so that few of them fill the kernel's buffers."""


async def test_a_slow_reader_skips_states_and_holds_nobody_up() -> None:
    async with followed(state(1)) as one, one.idle_socket() as slow, one.api.socket() as quick:
        # Given one that reads and one that does not, of the same execution
        for socket in (slow, quick):
            await socket.subscribe("a", QUERY)
        assert await _sent(quick) == 1000
        # When many states come
        for second in range(2, 42):
            one.feed.accept(state(second))
            assert await _sent(quick) == second * 1000
        one.feed.accept(state(42, status=MailingStatus.FINISHED))
        assert await _sent(quick) == 42_000
        # Then the slow one gets a few old ones that were on the way, and of all others only the newest
        seen = [await _sent(slow)]
        while seen[-1] != 42_000:
            seen.append(await _sent(slow))
        assert seen == sorted(set(seen))
        assert len(seen) < 20
        assert await slow.receive() == {"id": "a", "type": "complete"}


async def test_a_peer_that_takes_nothing_for_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalled, "STALLED_SECONDS", 0.5)
    async with followed(state(1)) as one, one.idle_socket() as slow, one.api.socket() as quick:
        # Given one that does not read, and then states enough to fill every buffer on the way
        await slow.subscribe("a", QUERY)
        await quick.subscribe("a", QUERY)
        await _sent(quick)
        for second in range(2, 22):
            one.feed.accept(state(second))
            assert await _sent(quick) == second * 1000
        # When the other one leaves, then nothing is left of the slow one either
        await quick.send(id="a", type="complete")
        await until(lambda: one.feed.is_idle)
        assert len(one.executions) == 0


async def test_a_peer_is_kept_for_as_long_as_it_takes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalled, "STALLED_SECONDS", 0.05)
    # Given a peer for whom something waits
    transport = _Transport()
    config = uvicorn.Config(Starlette())
    config.load()
    protocol = WebSocketProtocol(config, ServerState(), {}, asyncio.get_running_loop())
    protocol.transport = transport
    protocol.pause_writing()
    # When it takes a little each time that somebody looks, then it is kept
    await until(lambda: transport.looks >= 20)
    assert not transport.is_aborted
    # And dropped when it takes nothing any more
    transport.takes = 0
    await until(lambda: transport.is_aborted)


async def test_nothing_is_compressed_although_the_client_offers_it() -> None:
    async with followed(state(1)) as one, one.api.socket() as socket:
        await socket.subscribe("a", QUERY)
        assert await _sent(socket) == 1000
        assert socket.connection.protocol.extensions == []


async def _sent(socket: Socket) -> int:
    async with asyncio.timeout(5):
        frame = await socket.receive()
    sent: int = frame["payload"]["data"]["mailingProgress"]["sent"]
    return sent


class _Transport(asyncio.Transport):
    """Its peer takes a byte between two looks."""

    def __init__(self) -> None:
        super().__init__()
        self.size, self.takes, self.looks, self.is_aborted = 1000, 1, 0, False

    def get_write_buffer_size(self) -> int:
        self.looks += 1
        self.size -= self.takes
        return self.size

    def abort(self) -> None:
        self.is_aborted = True
