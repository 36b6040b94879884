import asyncio
import socket

import pytest

from mailing.health.quoting import said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 9)"), "connection refused"),
        (socket.gaierror(-2, "Name or service not known"), "name not found"),
        (TimeoutError(), "no answer in time"),
        (ValueError("It is wrong.\nAnd that at length."), "It is wrong"),
        (ValueError("invalid URL postgres://user:sesame@host/name"), "invalid URL postgres://host/name"),
        (ValueError("a\x1b[31mb"), "a?[31mb"),
        (ValueError("x" * 1_000), "x" * 200),
        (ValueError(), "ValueError"),
    ],
)
def test_an_error_is_told_in_one_harmless_line(error: Exception, words: str) -> None:
    assert said(error) == words


def _wrapped(inner: BaseException, outer: Exception, *, hides: bool) -> Exception:
    """As an error is that was raised while another was handled; `hides`: with `from None`."""
    outer.__context__, outer.__suppress_context__ = inner, hides
    return outer


def test_the_error_at_the_bottom_is_the_one_that_says_why() -> None:
    error = _wrapped(ConnectionRefusedError(), ValueError("Error 111 connecting to somewhere"), hides=False)
    assert said(error) == "connection refused"


def test_what_was_hidden_on_purpose_stays_hidden() -> None:
    assert said(_wrapped(ValueError("secret"), ValueError("told"), hides=True)) == "told"


async def test_a_time_that_is_over_is_told_as_such() -> None:
    with pytest.raises(TimeoutError) as caught:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    assert said(caught.value) == "no answer in time"
