"""The way through an outbound proxy; what the client has in common with the other one stands in test_http.py."""

import asyncio
from typing import Any

import pytest

from mailing.provider.direct.client import DirectProvider
from mailing.provider.fake import FakeProvider
from mailing.provider.opening import open_provider
from mailing.provider.protocol import Verdict
from mailing.provider.through_proxy import ProxyProvider
from mailing.settings import load_settings
from tests.provider.conftest import MESSAGE, OK, ProviderFor, RawServer, whole_request
from tests.provider.outbound_proxy import OutboundProxy
from tests.provider.tls import CERTIFICATE, server_context


@pytest.fixture
def client() -> type[ProxyProvider]:
    return ProxyProvider


async def proxy_url(raw_server: RawServer, proxy: OutboundProxy, login: str = "") -> str:
    return (await raw_server(proxy)).removesuffix("/v1").replace("http://", f"http://{login}")


@pytest.fixture
async def https_provider(raw_server: RawServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A provider behind TLS whose authority is known."""

    async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await whole_request(reader)
            writer.write(OK)

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return (await raw_server(answer_all, tls=server_context())).replace("127.0.0.1", "localhost")


async def test_the_setting_chooses_the_client() -> None:
    direct = open_provider(load_settings())
    proxied = open_provider(load_settings(provider_proxy="http://proxy:3128"))

    assert (type(direct), type(proxied)) == (DirectProvider, ProxyProvider)
    await direct.close()
    await proxied.close()


async def test_plain_requests_pass_through_the_proxy(
    raw_server: RawServer, provider_for: ProviderFor, fake: FakeProvider
) -> None:
    proxy = OutboundProxy(user="user", password="p@ss:word")
    url = await proxy_url(raw_server, proxy, "user:p%40ss%3Aword@")

    answer = await provider_for(fake.url, provider_proxy=url).send(MESSAGE)

    assert answer.verdict is Verdict.ACCEPTED
    assert proxy.heads[0].startswith(f"POST {fake.url}/send/{MESSAGE.id} HTTP/1.1\r\n")
    assert fake.ledger.accepted == 1


async def test_requests_under_tls_pass_through_a_tunnel_that_shows_the_proxy_nothing(
    raw_server: RawServer, provider_for: ProviderFor, https_provider: str
) -> None:
    proxy = OutboundProxy(user="user", password="pass")
    url = await proxy_url(raw_server, proxy, "user:pass@")
    provider = provider_for(https_provider, provider_proxy=url, provider_token="a.b.c")

    answers = [await provider.send(MESSAGE) for _ in range(2)]

    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED] * 2
    (head,) = proxy.heads
    assert head.startswith(f"CONNECT {https_provider.removeprefix('https://').removesuffix('/v1')} HTTP/1.1\r\n")
    assert "a.b.c" not in head


@pytest.mark.parametrize("tls", [False, True])
async def test_a_proxy_that_refuses_the_password_holds_the_channel_and_the_password_is_not_shown(
    raw_server: RawServer, provider_for: ProviderFor, fake: FakeProvider, https_provider: str, tls: bool
) -> None:
    url = await proxy_url(raw_server, OutboundProxy(user="user", password="right"), "user:secret@")

    answer = await provider_for(https_provider if tls else fake.url, provider_proxy=url).send(MESSAGE)

    assert (answer.verdict, answer.reason, answer.http_status) == (Verdict.UNAUTHORIZED, "HTTP 407", 407)
    assert "secret" not in repr(answer)
    assert fake.ledger.requests == 0


@pytest.mark.parametrize("status", [b"403 Forbidden", b"502 Bad Gateway", b"503 Busy"])
async def test_a_proxy_that_opens_no_tunnel_never_had_the_message(
    raw_server: RawServer, provider_for: ProviderFor, https_provider: str, status: bytes
) -> None:
    url = await proxy_url(raw_server, OutboundProxy(refuses_with=status), "user:secret@")

    answer = await provider_for(https_provider, provider_proxy=url).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "proxy refused")
    assert answer.excerpt == f"HTTP {status.decode()}"


@pytest.mark.parametrize(
    ("proxy", "reason"),
    [
        ("http://user:secret@127.0.0.1:9", "connection refused"),
        ("http://user:secret@proxy.invalid:3128", "name not found"),
    ],
)
async def test_a_proxy_that_is_not_there_never_had_the_message(
    provider_for: ProviderFor, fake: FakeProvider, proxy: str, reason: str
) -> None:
    answer = await provider_for(fake.url, provider_proxy=proxy).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, reason)
    assert "secret" not in repr(answer)


async def test_long_timeouts_are_not_rounded_up(
    fake: FakeProvider, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, deadlines = asyncio.get_running_loop(), []
    call_at = loop.call_at

    def spy(when: float, *arguments: Any, **options: Any) -> asyncio.TimerHandle:
        deadlines.append(when)
        return call_at(when, *arguments, **options)

    monkeypatch.setattr(loop, "call_at", spy)
    provider = provider_for(fake.url, provider_timeout_seconds=7, provider_connect_timeout_seconds=6)
    started = loop.time()

    await provider.send(MESSAGE)

    took = loop.time() - started
    # The request's whole time, then the connection's.
    assert [when - started for when in deadlines[:2]] == [pytest.approx(7, abs=took), pytest.approx(6, abs=took)]
    assert not any(when.is_integer() for when in deadlines[:2])
