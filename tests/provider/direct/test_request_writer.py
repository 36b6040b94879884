import pytest
from pydantic import SecretStr
from yarl import URL

from mailing.provider.answers import Failure
from mailing.provider.direct.request_writer import RequestWriter
from mailing.provider.exchange import ExchangeError
from mailing.provider.protocol import Outgoing
from mailing.provider.token import TokenSource
from mailing.settings import Settings, load_settings

MESSAGE = Outgoing(id=5, phone=79990000000, text="a")


def wire_of(url: str, settings: Settings | None = None) -> bytes:
    return RequestWriter(URL(url), TokenSource(settings or load_settings())).wire(MESSAGE)


def test_a_request_is_one_piece() -> None:
    assert wire_of("http://host/v1", load_settings(provider_token="a.b.c")) == (
        b"POST /v1/send/5 HTTP/1.1\r\n"
        b"Host: host\r\n"
        b"Accept: application/json\r\n"
        b"Accept-Encoding: identity\r\n"
        b"Content-Type: application/json\r\n"
        b"User-Agent: mailing-service\r\n"
        b"Authorization: Bearer a.b.c\r\n"
        b"Content-Length: 39\r\n"
        b"\r\n"
        b'{"id":5,"phone":79990000000,"text":"a"}'
    )


@pytest.mark.parametrize(
    ("url", "target", "host"),
    [
        ("http://host", "/send/5", "host"),
        ("http://host/", "/send/5", "host"),
        ("http://host:80/v1/", "/v1/send/5", "host"),
        ("https://host:443/v1", "/v1/send/5", "host"),
        ("https://host:80/a/b", "/a/b/send/5", "host:80"),
        ("http://host./v1", "/v1/send/5", "host"),
        ("http://[::1]:9000/v1", "/v1/send/5", "[::1]:9000"),
        ("http://HOST/v 1/ü%0d%0aX:y", "/v%201/%C3%BC%0D%0AX:y/send/5", "host"),
        ("http://пример.рф/v1", "/v1/send/5", "xn--e1afmkfd.xn--p1ai"),
        ("http://host/v1#part", "/v1/send/5", "host"),
    ],
)
def test_path_and_host_are_those_of_the_url(url: str, target: str, host: str) -> None:
    assert wire_of(url).startswith(f"POST {target} HTTP/1.1\r\nHost: {host}\r\nAccept: ".encode())


def test_without_a_token_there_is_no_header_for_it() -> None:
    assert b"Authorization" not in wire_of("http://host/v1")


@pytest.mark.parametrize("token", ["a\r\nX-Forged: 1", "a\nb", "a\x00", "é"])
def test_a_token_that_nobody_checked_forges_no_header(token: str) -> None:
    unchecked = load_settings().model_copy(update={"provider_token": SecretStr(token)})

    with pytest.raises(ValueError, match="the header Authorization holds more than printable ASCII"):
        wire_of("http://host/v1", unchecked)


def test_what_json_cannot_carry_is_unsendable() -> None:
    writer = RequestWriter(URL("http://host"), TokenSource(load_settings()))

    with pytest.raises(ExchangeError) as caught:
        writer.wire(Outgoing(id=1, phone=1, text="\ud800"))

    assert caught.value.failure is Failure.UNSENDABLE
