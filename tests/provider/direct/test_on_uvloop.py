"""The loop that workers run on differs from asyncio's in who closes what."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest
import uvloop

from mailing.provider.direct.client import DirectProvider
from mailing.provider.direct.connection import Connection
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.protocol import Answer, Verdict
from mailing.settings import load_settings
from tests.provider.conftest import MESSAGE
from tests.waiting import until


async def on_uvloop(story: Callable[[], Coroutine[None, None, list[Answer]]]) -> list[Answer]:
    """Run it on a loop of its own, beside the tests' one."""

    def run() -> list[Answer]:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(story())

    return await asyncio.to_thread(run)


async def test_requests_are_sent_cancelled_and_closed_as_on_any_loop() -> None:
    async def story() -> list[Answer]:
        async with FakeProvider() as fake:
            provider = DirectProvider(load_settings(provider_url=fake.url, requests_in_flight=8))
            answers = list(await asyncio.gather(*(provider.send(replace(MESSAGE, id=n)) for n in range(50))))
            await fake.set_scenario(Scenario(hang_share=1))
            hanging = [asyncio.create_task(provider.send(MESSAGE)) for _ in range(2)]
            await until(lambda: fake.ledger.unanswered["hung"] == 2)
            hanging[0].cancel()
            await provider.close()
            return [*answers, await hanging[1]]

    *answers, last = await on_uvloop(story)

    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED] * 50
    assert (last.verdict, last.reason) == (Verdict.UNANSWERED, "connection lost")


async def test_a_connection_that_ends_while_it_is_made_is_closed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Connection.connection_made

    def made_and_lost(self: Connection, transport: asyncio.BaseTransport) -> None:
        made(self, transport)
        self.data_received(b"HTTP/1.1 503 Full\r\n\r\n")

    async def story() -> list[Answer]:
        async with FakeProvider() as fake:
            provider = DirectProvider(load_settings(provider_url=fake.url))
            answer = await provider.send(MESSAGE)
            await provider.close()
            return [answer]

    monkeypatch.setattr(Connection, "connection_made", made_and_lost)

    (answer,) = await on_uvloop(story)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "connection failed")
    gc.collect()  # A socket that nobody closed warns, and warnings are errors.
