import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailing.provider.answers import Failure
from mailing.provider.exchange import MOST_BODY_BYTES
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.protocol import Answer, Outgoing, Verdict
from mailing.provider.token import TokenSource
from mailing.settings import SettingsError
from tests.provider.conftest import MESSAGE, OK, ProviderFor, RawServer, whole_request
from tests.waiting import until

NO_OTHER_TIMEOUT: dict[str, object] = {"provider_connect_timeout_seconds": 3_600}
"""Nothing else ends a request: that it has ended says by which it was."""


async def test_a_message_reaches_the_provider_as_it_is_and_comes_back_accepted(
    fake: FakeProvider, provider_for: ProviderFor
) -> None:
    before = datetime.now(UTC)

    answer = await provider_for(fake.url).send(MESSAGE)

    assert replace(answer, started_at=before, duration_ms=0) == Answer(
        Verdict.ACCEPTED, "", before, 0, http_status=200, code=0, excerpt='{"code":0,"message":"OK"}'
    )
    assert before <= answer.started_at <= datetime.now(UTC)
    assert 0 <= answer.duration_ms < 5_000
    (entry,) = fake.ledger.entries()
    assert (entry.id, entry.phone, entry.text) == (MESSAGE.id, MESSAGE.phone, MESSAGE.text)


async def test_the_request_is_the_contract_s_and_carries_nothing_more(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    requests = []

    async def record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            requests.append(await whole_request(reader))
            # A provider's cookies are neither kept nor sent back.
            writer.write(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n"))

    # By name, because cookies of a bare address are never kept.
    url = (await raw_server(record)).replace("127.0.0.1", "localhost")
    provider = provider_for(url + "/", provider_token="a.b.c")
    for _ in range(2):
        await provider.send(Outgoing(id=5, phone=79990000000, text="a/б"))

    head, _, body = requests[1].decode().partition("\r\n\r\n")
    first, *headers = head.split("\r\n")
    assert first == "POST /v1/send/5 HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        "Authorization: Bearer a.b.c",
        "Content-Length: 42",
        "Content-Type: application/json",
        f"Host: {url.removeprefix('http://').removesuffix('/v1')}",
        "User-Agent: mailing-service",
    ]
    assert body == '{"id":5,"phone":79990000000,"text":"a/б"}'
    assert requests[0] == requests[1]


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (Scenario(), (Verdict.ACCEPTED, "", 1)),
        (Scenario(latency_ms=(5, 20)), (Verdict.ACCEPTED, "", 1)),
        (Scenario(error_share=1), (Verdict.DEFERRED, "HTTP 500", 0)),
        (Scenario(error_burst_seconds=60), (Verdict.DEFERRED, "HTTP 500", 0)),
        (Scenario(throttle_share=1), (Verdict.DEFERRED, "HTTP 429", 0)),
        (Scenario(refuse_share=1), (Verdict.REFUSED, "HTTP 400", 0)),
        (Scenario(garbage_share=1), (Verdict.UNANSWERED, "unreadable answer", 0)),
        (Scenario(code_share=1, code=-3), (Verdict.DEFERRED, "code -3", 0)),
        (Scenario(unauthorized=True), (Verdict.UNAUTHORIZED, "HTTP 401", 0)),
        (Scenario(required_token="secret"), (Verdict.UNAUTHORIZED, "HTTP 401", 0)),
        (Scenario(hang_share=1), (Verdict.UNANSWERED, "timeout", 0)),
        (Scenario(close_before_share=1), (Verdict.UNANSWERED, "connection lost", 0)),
        (Scenario(close_after_share=1), (Verdict.UNANSWERED, "connection lost", 1)),
        (Scenario(refuse_connections=True), (Verdict.DEFERRED, "connection refused", 0)),
    ],
    ids=repr,
)
async def test_every_scenario_comes_back_as_its_verdict(
    fake: FakeProvider, provider_for: ProviderFor, scenario: Scenario, expected: tuple[Verdict, str, int]
) -> None:
    provider = provider_for(fake.url, provider_timeout_seconds=0.2 if scenario.hang_share else 5)
    await fake.set_scenario(scenario)

    answer = await provider.send(MESSAGE)

    assert (answer.verdict, answer.reason, fake.ledger.accepted) == expected
    assert fake.ledger.repeated == 0


async def test_retry_after_of_the_provider_comes_with_the_answer(fake: FakeProvider, provider_for: ProviderFor) -> None:
    await fake.set_scenario(Scenario(throttle_share=1, retry_after_seconds=42))

    assert (await provider_for(fake.url).send(MESSAGE)).retry_after == timedelta(seconds=42)


async def test_a_timeout_comes_when_it_is_due(fake: FakeProvider, provider_for: ProviderFor) -> None:
    await fake.set_scenario(Scenario(hang_share=1))

    # Without it, the request would hang for ever.
    answer = await provider_for(fake.url, provider_timeout_seconds=0.3, **NO_OTHER_TIMEOUT).send(MESSAGE)

    assert answer.reason == "timeout"
    assert answer.duration_ms >= 290


async def test_a_token_file_is_read_again_while_the_client_runs(
    fake: FakeProvider, provider_for: ProviderFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailing.provider.token.RECHECK_SECONDS", 0)
    file = tmp_path / "token"
    file.write_text("old")
    provider = provider_for(fake.url, provider_token_file=file)
    await fake.set_scenario(Scenario(required_token="new-token"))
    assert (await provider.send(MESSAGE)).verdict is Verdict.UNAUTHORIZED

    file.write_text("new-token\n")

    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED


async def test_a_request_on_a_connection_that_the_server_just_closed_is_not_sent_twice(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    requests = []

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await whole_request(reader))
        if len(requests) == 1:
            writer.write(OK)
            # The next request on this kept-alive connection is read, and the connection dies instead of an answer.
            requests.append(await whole_request(reader))

    provider = provider_for(await raw_server(answer_once))
    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED

    answer = await provider.send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.UNANSWERED, "connection lost")
    assert len(requests) == 2


async def test_a_connection_that_was_closed_while_idle_is_not_used_again(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    requests, closed = [], asyncio.Event()

    async def answer_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await whole_request(reader))
        writer.write(OK)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    provider = provider_for(await raw_server(answer_and_close))
    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED
    await closed.wait()
    # One round trip through the loop's own socket polling, so that the client has seen the end of the connection.
    await asyncio.get_running_loop().run_in_executor(None, lambda: None)

    assert (await provider.send(MESSAGE)).verdict is Verdict.ACCEPTED
    assert len(requests) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(
    raw_server: RawServer, provider_for: ProviderFor, fake: FakeProvider, status: int
) -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        location = f"{fake.url}/send/{MESSAGE.id}"
        writer.write(f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
        await reader.read()

    answer = await provider_for(await raw_server(redirect)).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, f"HTTP {status}")
    assert fake.ledger.requests == 0


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [(200, Verdict.UNANSWERED, "unreadable answer"), (404, Verdict.REFUSED, "HTTP 404")],
)
async def test_an_endless_body_is_read_no_further_than_its_bound(
    raw_server: RawServer, provider_for: ProviderFor, status: int, verdict: Verdict, reason: str
) -> None:
    written = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await whole_request(reader)
        writer.write(f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n\r\n".encode())
        while not reader.at_eof():
            writer.write(b"x" * 65_536)
            written += 65_536
            await writer.drain()

    answer = await provider_for(await raw_server(pour)).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (verdict, reason)
    assert answer.excerpt == "x" * 500
    assert answer.duration_ms < 5_000
    # What the sockets of both sides hold comes on top.
    assert written < MOST_BODY_BYTES + 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [(200, Verdict.UNANSWERED, "timeout"), (404, Verdict.REFUSED, "HTTP 404"), (503, Verdict.DEFERRED, "HTTP 503")],
)
async def test_a_body_that_never_ends_does_not_outlast_the_timeout(
    raw_server: RawServer, provider_for: ProviderFor, status: int, verdict: Verdict, reason: str
) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        writer.write(f'HTTP/1.1 {status} OK\r\nContent-Length: 100\r\n\r\n{{"code":0}}'.encode())
        await reader.read()

    url = await raw_server(trickle)
    answer = await provider_for(url, provider_timeout_seconds=0.2, **NO_OTHER_TIMEOUT).send(MESSAGE)

    assert (answer.verdict, answer.reason, answer.code) == (verdict, reason, None)
    assert (answer.http_status, answer.excerpt) == (status, '{"code":0}')


@pytest.mark.parametrize(
    ("wire", "verdict", "reason"),
    [
        (b"", Verdict.UNANSWERED, "connection lost"),
        (b"HTTP/1.1 200", Verdict.UNANSWERED, "connection lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Verdict.UNANSWERED, "connection lost"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 10\r\n\r\n{", Verdict.DEFERRED, "HTTP 500"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Verdict.UNANSWERED, "unreadable answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", Verdict.UNANSWERED, None),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Verdict.UNANSWERED, "unreadable answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n", Verdict.UNANSWERED, "unreadable answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", Verdict.UNANSWERED, "unreadable answer"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Verdict.UNANSWERED, "HTTP 204"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Verdict.DEFERRED, "HTTP 101"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, Verdict.ACCEPTED, ""),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, Verdict.ACCEPTED, ""),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b'{"code":0}', Verdict.ACCEPTED, ""),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b'{"code":0}', Verdict.ACCEPTED, ""),
        (OK.replace(b"1.1", b"1.0"), Verdict.ACCEPTED, ""),
        (OK.replace(b"Content", b"Connection: close\r\nContent"), Verdict.ACCEPTED, ""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b'5\r\n{"cod\r\n5\r\ne":0}\r\n0\r\n\r\n',
            Verdict.ACCEPTED,
            "",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b'a\r\n{"code":0}\r\n',
            Verdict.UNANSWERED,
            "connection lost",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 9\r\n\r\n",
            Verdict.UNANSWERED,
            "unreadable answer",
        ),
        (b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n", Verdict.UNAUTHORIZED, "HTTP 407"),
        (b"HTTP/1.1 503 Later\r\nContent-Length: 100000000\r\n\r\nx", Verdict.DEFERRED, "HTTP 503"),
        (OK, Verdict.ACCEPTED, ""),
    ],
)
async def test_whatever_the_other_side_writes_before_it_hangs_up_is_an_answer(
    raw_server: RawServer, provider_for: ProviderFor, wire: bytes, verdict: Verdict, reason: str | None
) -> None:
    async def write(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        writer.write(wire)
        await writer.drain()

    answer = await provider_for(await raw_server(write)).send(MESSAGE)

    assert answer.verdict is verdict
    assert reason is None or answer.reason == reason


async def test_a_server_that_says_continue_for_ever_does_not_outlast_the_timeout(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    async def go_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        while not reader.at_eof():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await writer.drain()

    answer = await provider_for(await raw_server(go_on), provider_timeout_seconds=0.2).send(MESSAGE)

    # Sooner, where a client bounds what may come before the answer.
    assert answer.verdict is Verdict.UNANSWERED
    assert answer.reason in ("timeout", "unreadable answer")
    assert answer.duration_ms < 5_000


async def test_a_name_that_does_not_exist_is_deferred(provider_for: ProviderFor) -> None:
    answer = await provider_for("http://provider.invalid/v1").send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "name not found")


async def test_a_server_that_does_not_speak_tls_is_deferred(raw_server: RawServer, provider_for: ProviderFor) -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    url = (await raw_server(speak_plainly)).replace("http:", "https:")

    answer = await provider_for(url).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "TLS failed")


async def test_a_connection_that_takes_too_long_is_never_handed_the_message(
    raw_server: RawServer, provider_for: ProviderFor
) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    # The TLS handshake belongs to connecting, and nobody answers it.
    url = (await raw_server(say_nothing)).replace("http:", "https:")
    for_hours: dict[str, object] = {"provider_timeout_seconds": 3_600, "lease_seconds": 7_200}
    by_setting = provider_for(url, provider_connect_timeout_seconds=0.1, **for_hours)
    by_caller = provider_for(url, **for_hours, **NO_OTHER_TIMEOUT)

    for answer in (await by_setting.send(MESSAGE), await by_caller.send(MESSAGE, leave_within=0.1)):
        assert (answer.verdict, answer.reason) == (Verdict.DEFERRED, "connect timeout")


@pytest.mark.parametrize("leave_within", [0.0, -1.0])
async def test_without_time_left_nothing_is_sent(
    fake: FakeProvider, provider_for: ProviderFor, leave_within: float
) -> None:
    answer = await provider_for(fake.url).send(MESSAGE, leave_within=leave_within)

    assert (answer.verdict, answer.reason) == (Verdict.UNSENT, "no time left")
    assert fake.ledger.requests == 0


async def test_leave_within_does_not_shorten_the_wait_for_the_answer(
    fake: FakeProvider, provider_for: ProviderFor
) -> None:
    await fake.set_scenario(Scenario(latency_ms=150))

    answer = await provider_for(fake.url).send(MESSAGE, leave_within=0.05)

    assert answer.verdict is Verdict.ACCEPTED
    assert answer.duration_ms >= 145


@pytest.mark.parametrize("message", [replace(MESSAGE, text="\ud800"), replace(MESSAGE, phone=2**64)])
async def test_a_message_that_no_json_can_carry_is_refused(
    fake: FakeProvider, provider_for: ProviderFor, message: Outgoing
) -> None:
    answer = await provider_for(fake.url).send(message)

    assert (answer.verdict, answer.reason) == (Verdict.REFUSED, "unsendable message")
    assert fake.ledger.requests == 0


async def test_a_closed_client_sends_nothing(fake: FakeProvider, provider_for: ProviderFor) -> None:
    provider = provider_for(fake.url)
    await provider.close()

    answer = await provider.send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.UNSENT, "client closed")


async def test_closing_lets_go_of_what_waits_for_a_connection(fake: FakeProvider, provider_for: ProviderFor) -> None:
    await fake.set_scenario(Scenario(hang_share=1))
    provider = provider_for(fake.url, requests_in_flight=1)
    sends = [asyncio.create_task(provider.send(replace(MESSAGE, id=n))) for n in (1, 2)]
    await until(lambda: fake.ledger.unanswered["hung"])

    await provider.close()

    assert [(answer.verdict, answer.reason) for answer in await asyncio.gather(*sends)] == [
        (Verdict.UNANSWERED, "connection lost"),
        (Verdict.UNSENT, "client closed"),
    ]


async def test_cancellation_passes_through(fake: FakeProvider, provider_for: ProviderFor) -> None:
    await fake.set_scenario(Scenario(hang_share=1))
    send = asyncio.create_task(provider_for(fake.url).send(MESSAGE))
    await until(lambda: fake.ledger.requests)

    send.cancel()

    with pytest.raises(asyncio.CancelledError):
        await send


async def test_what_nobody_foresaw_is_an_answer_too_and_logged(
    fake: FakeProvider, provider_for: ProviderFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(source: TokenSource) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(TokenSource, "current", break_down)

    answer = await provider_for(fake.url).send(MESSAGE)

    assert (answer.verdict, answer.reason) == (Verdict.UNANSWERED, Failure.UNEXPECTED.value)
    assert answer.excerpt == "LookupError: a bug"


@pytest.mark.parametrize(
    "url",
    ["", "probe.fbrq.cloud/v1", "ftp://host/v1", "http://", "http://user:password@host/v1", "http://host/v1?x=1"],
)
async def test_a_url_that_cannot_be_used_is_a_wrong_setting(provider_for: ProviderFor, url: str) -> None:
    with pytest.raises(SettingsError, match="MAILING_PROVIDER_URL: must be http"):
        provider_for(url)


async def test_many_at_once_are_all_accepted_once(fake: FakeProvider, provider_for: ProviderFor) -> None:
    provider = provider_for(fake.url)

    answers = await asyncio.gather(*(provider.send(replace(MESSAGE, id=n)) for n in range(1, 301)))

    assert {answer.verdict for answer in answers} == {Verdict.ACCEPTED}
    assert sorted(entry.id for entry in fake.ledger.entries()) == list(range(1, 301))
