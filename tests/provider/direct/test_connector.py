"""From a URL to an open connection."""

import asyncio
import socket
from typing import Any

import pytest

from mailing.provider.direct import connector as connector_module
from mailing.provider.protocol import Verdict
from tests.provider.conftest import MESSAGE, OK, ProviderFor, RawServer, whole_request


async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await whole_request(reader)
    writer.write(OK)


def port_of(url: str) -> int:
    return int(url.removesuffix("/v1").rpartition(":")[2])


class Resolver:
    """Stands in for the loop's; knows one name."""

    def __init__(self, *addresses: tuple[str, int]) -> None:
        self.addresses = addresses
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int, **options: Any) -> list[Any]:
        self.asked.append((host, port))
        await asyncio.sleep(0)
        if not self.addresses:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [
            (
                socket.AF_INET6 if ":" in host else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (host, port),
            )
            for host, port in self.addresses
        ]


@pytest.fixture
def closed_port() -> Any:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_addresses_of_the_sixth_version_are_reached(raw_server: RawServer, provider_for: ProviderFor) -> None:
    try:
        url = await raw_server(answer_once, host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6")

    assert (await provider_for(url).send(MESSAGE)).verdict is Verdict.ACCEPTED


async def test_an_address_where_nobody_listens_is_followed_by_the_next(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    url = await raw_server(answer_once)
    resolver = Resolver(("127.0.0.1", closed_port), ("127.0.0.1", port_of(url)))
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)

    answer = await provider_for("http://sms.example:8080/v1").send(MESSAGE)

    assert answer.verdict is Verdict.ACCEPTED
    assert resolver.asked == [("sms.example", 8080)]


async def test_an_address_that_does_not_answer_does_not_use_up_the_time_of_the_next(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await raw_server(answer_once)
    loop = asyncio.get_running_loop()
    connect, silent = loop.sock_connect, ("127.0.0.1", 9)

    async def connect_or_hang(sock: socket.socket, address: Any) -> None:
        await (asyncio.get_running_loop().create_future() if address == silent else connect(sock, address))

    monkeypatch.setattr(loop, "getaddrinfo", Resolver(silent, ("127.0.0.1", port_of(url))))
    monkeypatch.setattr(loop, "sock_connect", connect_or_hang)
    monkeypatch.setattr(connector_module, "NEXT_ADDRESS_SECONDS", 0.01)

    answer = await provider_for("http://sms.example/v1", provider_connect_timeout_seconds=3).send(MESSAGE)

    assert answer.verdict is Verdict.ACCEPTED
    assert answer.duration_ms < 3_000


async def test_a_name_is_looked_up_once_for_many_and_again_after_a_while(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await raw_server(answer_once)
    resolver = Resolver(("127.0.0.1", port_of(url)))
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    provider = provider_for("http://sms.example./v1")

    await asyncio.gather(*(provider.send(MESSAGE) for _ in range(5)))
    assert resolver.asked == [("sms.example", 80)]

    monkeypatch.setattr(connector_module, "monotonic", lambda: asyncio.get_running_loop().time() + 11)
    await provider.send(MESSAGE)
    assert len(resolver.asked) == 2


async def test_all_who_wait_for_a_lookup_go_on_at_once(
    provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one in each round of the loop: where rounds are long, the last would find no time left to connect."""
    rounds = 0
    began_in: list[int] = []

    async def count_rounds() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def refuse(sock: socket.socket, address: Any) -> None:
        began_in.append(rounds)
        raise ConnectionRefusedError

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "getaddrinfo", Resolver(("127.0.0.1", 9)))
    monkeypatch.setattr(loop, "sock_connect", refuse)
    counting = asyncio.create_task(count_rounds())
    provider = provider_for("http://sms.example/v1")

    # When
    await asyncio.gather(*(provider.send(MESSAGE) for _ in range(100)))
    counting.cancel()

    # Then
    assert len(began_in) == 100
    assert len(set(began_in)) == 1


async def test_a_lookup_that_fails_is_not_remembered(
    raw_server: RawServer, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await raw_server(answer_once)
    resolver = Resolver()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    provider = provider_for("http://sms.example/v1")
    answer = await provider.send(MESSAGE)
    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "name not found")

    resolver.addresses = (("127.0.0.1", port_of(url)),)

    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED


async def test_a_lookup_that_hangs_is_a_connect_timeout(
    provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*arguments: Any, **options: Any) -> None:
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", hang)
    provider = provider_for("http://sms.example/v1", provider_connect_timeout_seconds=0.05)

    answers = await asyncio.gather(provider.send(MESSAGE), provider.send(MESSAGE))

    assert [(answer.verdict, answer.reason) for answer in answers] == [(Verdict.DEFERRED, "connect timeout")] * 2


async def test_closing_ends_a_lookup_and_those_who_wait_for_it(
    provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking_up, ended = asyncio.Event(), asyncio.Event()

    async def hang(*arguments: Any, **options: Any) -> None:
        looking_up.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.set()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", hang)
    provider = provider_for("http://sms.example/v1")
    sends = [asyncio.create_task(provider.send(MESSAGE)) for _ in range(3)]
    await looking_up.wait()

    await provider.close()

    assert {answer.reason for answer in await asyncio.gather(*sends)} == {"client closed"}
    await asyncio.wait_for(ended.wait(), 5)


@pytest.mark.parametrize("error", [TimeoutError(110, "Connection timed out"), OSError(113, "No route to host")])
async def test_what_the_kernel_says_to_connecting_has_its_name(
    provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    async def fail(sock: socket.socket, address: Any) -> None:
        raise error

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", fail)

    answer = await provider_for("http://127.0.0.1:9/v1").send(MESSAGE)

    reason = "connect timeout" if isinstance(error, TimeoutError) else "connection failed"
    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, reason)
