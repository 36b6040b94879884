import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailing.provider.answers import Failure
from mailing.provider.direct.response_reader import (
    MOST_ANSWER_BYTES,
    MOST_HEAD_BYTES,
    ResponseReader,
    UnreadableError,
)
from mailing.provider.exchange import MOST_BODY_BYTES, Reply

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"code":0}'
ACCEPTED = Reply(200, {}, b'{"code":0}')
CLOSE = b"Connection: close\r\n"

WHOLE = [
    (OK, ACCEPTED, True),
    (OK.replace(b"Content-Length", b"CONTENT-length"), ACCEPTED, True),
    (OK.replace(b" OK", b""), ACCEPTED, True),
    (OK.replace(b"Content", CLOSE + b"Content"), ACCEPTED, False),
    (OK.replace(b"1.1", b"1.0"), ACCEPTED, False),
    (OK.replace(b"1.1", b"1.0").replace(b"Content", b"Connection: keep-alive\r\nContent"), ACCEPTED, True),
    (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, ACCEPTED, True),
    (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nRetry-After: 9\r\nContent-Length: 7\r\n\r\n" + OK, ACCEPTED, True),
    (b"HTTP/1.1 102 Processing\r\n\r\n" * 3 + OK, ACCEPTED, True),
    (b"\r\n" + OK, ACCEPTED, True),
    (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'6;name=value\r\n{"code\r\n4\r\n":0}\r\n0\r\nTrailer: x\r\n\r\n',
        ACCEPTED,
        True,
    ),
    (b"HTTP/1.1 204 No Content\r\n\r\n", Reply(204, {}, b""), True),
    (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", Reply(304, {}, b""), True),
    (b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n", Reply(503, {}, b""), True),
    (
        b"HTTP/1.1 429 Slow\r\nX-Empty:\r\nretry-AFTER: 7\r\nRetry-After: 8\r\nContent-Length: 0\r\n\r\n",
        Reply(429, {"Retry-After": "7"}, b""),
        True,
    ),
    (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Reply(101, {}, b""), False),
    (b"HTTP/1.1 101 Switching\r\n\r\n", Reply(101, {}, b""), False),
]


def pieces(wire: bytes, cuts: set[int]) -> list[bytes]:
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(wire)), len(wire)]
    return [wire[start:end] for start, end in itertools.pairwise(edges)]


def read(*data: bytes) -> ResponseReader:
    reader = ResponseReader()
    for piece in data:
        reader.feed(piece)
    return reader


@pytest.mark.parametrize(("wire", "reply", "may_another_follow"), WHOLE)
@settings(max_examples=50)
@given(cuts=st.sets(st.integers(1, 200)))
def test_an_answer_is_the_same_wherever_the_network_cuts_it(
    wire: bytes, reply: Reply, may_another_follow: bool, cuts: set[int]
) -> None:
    reader = ResponseReader()
    for piece in pieces(wire, cuts):
        assert not reader.is_whole
        reader.feed(piece)

    assert (reader.is_whole, reader.may_another_follow) == (True, may_another_follow)
    assert reader.reply() == reply


@given(st.lists(st.sampled_from([(wire, reply) for wire, reply, again in WHOLE if again]), min_size=2, max_size=6))
def test_one_reader_reads_a_connection_s_answers_one_after_the_other(answers: list[tuple[bytes, Reply]]) -> None:
    reader = ResponseReader()
    for wire, reply in answers:
        reader.begin()
        reader.feed(wire)
        assert (reader.is_whole, reader.may_another_follow, reader.reply()) == (True, True, reply)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n"],
)
@settings(max_examples=50)
@given(cuts=st.sets(st.integers(1, 200)))
def test_a_body_without_a_length_ends_with_its_connection(head: bytes, cuts: set[int]) -> None:
    reader = read(*pieces(head + b'\r\n{"code":0}', cuts))
    assert not reader.is_whole

    reader.end()

    assert (reader.is_whole, reader.may_another_follow, reader.reply()) == (True, False, ACCEPTED)


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        (b"", None),
        (b"HTTP/1.1 2", None),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n", None),
        (b"HTTP/1.1 100 Continue\r\n\r\n", None),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + b'{"code":0}',
            Reply(200, {}, b'{"code":0}', Failure.TIMEOUT),
        ),
        (
            b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            Reply(500, {}, b"abc", Failure.TIMEOUT),
        ),
    ],
)
def test_an_answer_that_is_cut_off_is_as_much_as_has_come_of_it(wire: bytes, reply: Reply | None) -> None:
    reader = read(wire)

    reader.end()

    assert not reader.is_whole
    assert reader.reply(cut=Failure.TIMEOUT) == reply


@pytest.mark.parametrize(
    "wire",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x02\x00",
        b"<html>",
        b"HTTP/1.1 20 OK\r\n",
        b"HTTP/1.1 2000 OK\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n",
        b"HTTP/1.1 200 OK\r\n folded: x\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 10\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 11\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10, 10\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 10\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
    ],
)
@settings(max_examples=30)
@given(cuts=st.sets(st.integers(1, 100)))
def test_what_could_be_read_in_two_ways_or_in_none_is_unreadable(wire: bytes, cuts: set[int]) -> None:
    with pytest.raises(UnreadableError):
        read(*pieces(wire, cuts))


@pytest.mark.parametrize(
    "wire",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    ],
)
def test_a_body_that_breaks_off_into_nonsense_leaves_its_head(wire: bytes) -> None:
    reader = ResponseReader()
    with pytest.raises(UnreadableError):
        reader.feed(wire)

    reply = reader.reply(cut=Failure.UNREADABLE)

    assert reply is not None
    assert (reply.status, reply.cut) == (200, Failure.UNREADABLE)


@pytest.mark.parametrize("more", [b"H", b"nonsense", OK, b"HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nabc"])
@pytest.mark.parametrize("first", [OK, OK.replace(b"Content", CLOSE + b"Content")])
def test_what_stands_behind_an_answer_does_not_change_it_and_ends_the_connection(first: bytes, more: bytes) -> None:
    reader = read(first + more)

    assert (reader.is_whole, reader.may_another_follow, reader.reply()) == (True, False, ACCEPTED)


def head_of(size: int) -> bytes:
    """A head of exactly that many bytes, for a body of two."""
    rest = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: \r\n\r\n"
    return rest.replace(b"X: ", b"X: " + b"y" * (size - len(rest)))


@settings(max_examples=20)
@given(cuts=st.sets(st.integers(1, 2 * MOST_HEAD_BYTES), max_size=4))
def test_a_head_is_read_up_to_its_bound_and_no_further(cuts: set[int]) -> None:
    assert read(*pieces(head_of(MOST_HEAD_BYTES) + b"ab", cuts)).reply() == Reply(200, {}, b"ab")
    with pytest.raises(UnreadableError, match="before the body"):
        read(*pieces(head_of(MOST_HEAD_BYTES + 1) + b"ab", cuts))


@settings(max_examples=20)
@given(cuts=st.sets(st.integers(1, 2 * MOST_HEAD_BYTES), max_size=4))
@pytest.mark.parametrize(
    "unit", [b"HTTP/1.1 100 Continue\r\n\r\n", b"\r\n", b"X: y\r\n"], ids=["interim answers", "empty lines", "headers"]
)
def test_a_head_that_never_ends_is_unreadable_whatever_it_consists_of(unit: bytes, cuts: set[int]) -> None:
    start = b"" if unit != b"X: y\r\n" else b"HTTP/1.1 200 OK\r\n"
    wire = start + unit * (MOST_HEAD_BYTES // len(unit) + 1)

    with pytest.raises(UnreadableError, match="before the body"):
        read(*pieces(wire, cuts))


@settings(max_examples=20)
@given(cuts=st.sets(st.integers(1, MOST_BODY_BYTES + 100), max_size=4))
@pytest.mark.parametrize("framing", [b"", b"Content-Length: %d\r\n"])
def test_a_body_is_read_up_to_its_bound_and_no_further(framing: bytes, cuts: set[int]) -> None:
    def wire(size: int) -> bytes:
        header = framing % size if framing else framing
        return b"HTTP/1.1 200 OK\r\n" + header + b"\r\n" + b"x" * size

    assert read(*pieces(wire(MOST_BODY_BYTES), cuts)).reply() == Reply(200, {}, b"x" * MOST_BODY_BYTES)
    with pytest.raises(UnreadableError, match="of body"):
        read(*pieces(wire(MOST_BODY_BYTES + 1), cuts))


@pytest.mark.parametrize("endless", [b"1;" + b"x" * 1000, b"0\r\nX: " + b"x" * 1000], ids=["extension", "trailer"])
def test_what_surrounds_a_chunk_is_bounded_too(endless: bytes) -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + endless

    with pytest.raises(UnreadableError, match="of body"):
        read(start, *[b"x" * 1000] * (MOST_ANSWER_BYTES // 1000))


def test_a_fault_of_our_own_is_no_fault_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(reader: ResponseReader, piece: bytes) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(ResponseReader, "on_body", break_down)

    with pytest.raises(Exception, match="callback") as caught:
        read(OK)
    assert not isinstance(caught.value, UnreadableError)
