"""The port of a process for those who watch it."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from mailing.metrics.port import MetricsPort

silent = 0.0


@pytest.fixture
def port() -> Iterator[MetricsPort]:
    port = MetricsPort("127.0.0.1", 0, lambda accept: ("text/plain", f"for {accept}".encode()), lambda: silent)
    yield port
    port.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        yield http


async def test_it_shows_the_page_that_is_accepted(port: MetricsPort, http: aiohttp.ClientSession) -> None:
    async with http.get(f"http://127.0.0.1:{port.port}/metrics", headers={"Accept": "a/b"}) as answer:
        assert (answer.status, await answer.text()) == (200, "for a/b")


async def test_it_says_that_the_process_lives_until_its_event_loop_is_stuck(
    port: MetricsPort, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{port.port}/healthz"
    async with http.get(url) as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    monkeypatch.setattr(f"{__name__}.silent", 11.0)
    async with http.get(url) as answer:
        words = "the event loop has been stuck for 11 s: restart this process\n"
        assert (answer.status, await answer.text()) == (503, words)


async def test_elsewhere_it_says_what_there_is(port: MetricsPort, http: aiohttp.ClientSession) -> None:
    async with http.get(f"http://127.0.0.1:{port.port}/") as answer:
        assert (answer.status, await answer.text()) == (404, "Here are /metrics and /healthz\n")
    async with http.post(f"http://127.0.0.1:{port.port}/metrics") as answer:
        assert answer.status == 501


def test_a_port_in_use_is_an_error(port: MetricsPort) -> None:
    with pytest.raises(OSError, match="in use"):
        MetricsPort("127.0.0.1", port.port, lambda _: ("", b""), lambda: 0)


async def test_several_may_share_a_port_and_each_answers_when_the_others_are_gone(http: aiohttp.ClientSession) -> None:
    # Given two that share it
    first = MetricsPort("127.0.0.1", 0, lambda _: ("text/plain", b"x"), lambda: 0, shared=True)
    second = MetricsPort("127.0.0.1", first.port, lambda _: ("text/plain", b"x"), lambda: 0, shared=True)
    url = f"http://127.0.0.1:{first.port}/metrics"

    # When one goes
    first.close()

    # Then the other answers, every time
    for _ in range(5):
        async with http.get(url) as answer:
            assert answer.status == 200
    second.close()
