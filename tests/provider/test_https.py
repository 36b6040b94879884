"""TLS, with both clients: certificate and host name are checked."""

import asyncio

import pytest

from mailing.provider.protocol import Verdict
from tests.provider.conftest import MESSAGE, OK, ProviderFor, RawServer, whole_request
from tests.provider.tls import CERTIFICATE, server_context


async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await whole_request(reader)
        writer.write(OK)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is in the system's store, as far as OpenSSL knows."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_of_a_known_authority_for_the_right_name_is_accepted(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    url = await raw_server(answer_all, tls=server_context())
    provider = provider_for(url.replace("127.0.0.1", "localhost"))

    answers = [await provider.send(MESSAGE) for _ in range(3)]

    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED] * 3


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_for_another_name_is_not(raw_server: RawServer, provider_for: ProviderFor) -> None:
    answer = await provider_for(await raw_server(answer_all, tls=server_context())).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "TLS failed")
    assert "IP address mismatch" in (answer.excerpt or "")


async def test_a_certificate_of_an_unknown_authority_is_not(raw_server: RawServer, provider_for: ProviderFor) -> None:
    url = await raw_server(answer_all, tls=server_context())

    answer = await provider_for(url.replace("127.0.0.1", "localhost")).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "TLS failed")
    assert "certificate verify failed" in (answer.excerpt or "")


@pytest.mark.usefixtures("trusted")
async def test_an_answer_that_is_cut_off_under_tls_is_a_lost_connection(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        writer.write(OK[:-1])
        await writer.drain()

    url = await raw_server(cut, tls=server_context())

    answer = await provider_for(url.replace("127.0.0.1", "localhost")).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.UNANSWERED, "connection lost")
    assert answer.http_status == 200
