import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.provider.fake.request import MOST_BODY_BYTES, NotHttpError, Request, RequestReader

STREAM = (
    b"POST /v1/send/12345 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abc\r\nContent-Length: 5\r\n\r\nhello"
    b"GET /_ledger?a=b HTTP/1.1\r\nHost: x\r\n\r\n"
    b"PUT /_scenario HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1\r\n \r\n0\r\n\r\n"
    b"DELETE /_ledger HTTP/1.1\r\nConnection: close\r\n\r\n"
)
REQUESTS = [
    Request(b"POST", b"/v1/send/12345", b"Bearer abc", b"hello", keep_alive=True),
    Request(b"GET", b"/_ledger?a=b", None, b"", keep_alive=True),
    Request(b"PUT", b"/_scenario", None, b"{} ", keep_alive=True),
    Request(b"DELETE", b"/_ledger", None, b"", keep_alive=False),
]


@given(st.sets(st.integers(1, len(STREAM) - 1)))
def test_requests_are_the_same_wherever_the_network_cuts_them(cuts: set[int]) -> None:
    requests: list[Request] = []
    reader = RequestReader(requests.append)
    edges = [0, *sorted(cuts), len(STREAM)]

    for start, end in itertools.pairwise(edges):
        reader.feed(STREAM[start:end])

    assert requests == REQUESTS


def test_requests_may_come_byte_by_byte() -> None:
    requests: list[Request] = []
    reader = RequestReader(requests.append)

    for byte in STREAM:
        reader.feed(bytes([byte]))

    assert requests == REQUESTS


def test_a_body_that_is_too_long_is_not_kept_and_the_next_request_is_read() -> None:
    requests: list[Request] = []
    reader = RequestReader(requests.append)

    reader.feed(b"POST /v1/send/1 HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (2 * MOST_BODY_BYTES))
    for _ in range(64):
        reader.feed(b"x" * (2 * MOST_BODY_BYTES // 64))
    reader.feed(STREAM)

    assert requests == [Request(b"POST", b"/v1/send/1", None, None, keep_alive=True), *REQUESTS]


@pytest.mark.parametrize(
    "trouble",
    [
        b"\x16\x03\x01",
        b"SEND /v1/send/1 HTTP/1.1\r\n\r\n",
        b"POST /v1/send/1 HTTP/9.9\r\n\r\n",
        b"POST /v1/send/1 HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_an_error_after_the_requests_before_it(trouble: bytes) -> None:
    requests: list[Request] = []
    reader = RequestReader(requests.append)

    with pytest.raises(NotHttpError):
        reader.feed(STREAM.partition(b"DELETE")[0] + trouble)

    assert requests == REQUESTS[:3]


def test_an_upgrade_is_read_as_a_request_and_ends_the_reading() -> None:
    requests: list[Request] = []
    reader = RequestReader(requests.append)

    with pytest.raises(NotHttpError):
        reader.feed(b"GET /_ledger HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")

    assert [request.target for request in requests] == [b"/_ledger"]


def test_a_fault_of_the_receiver_is_not_blamed_on_the_client() -> None:
    def break_down(request: Request) -> None:
        raise LookupError(request)

    with pytest.raises(Exception, match="callback") as caught:
        RequestReader(break_down).feed(STREAM)

    assert not isinstance(caught.value, NotHttpError)
