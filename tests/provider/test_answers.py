from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.provider.answers import (
    EXCERPT_CHARACTERS,
    LONGEST_RETRY_AFTER,
    Failure,
    answer_from_failure,
    answer_from_response,
)
from mailing.provider.protocol import Answer, Verdict

STARTED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OK = b'{"code":0,"message":"OK"}'


def judged(status: int, body: bytes = b"", headers: dict[str, str] | None = None, cut: Failure | None = None) -> Answer:
    return answer_from_response(status, headers or {}, body, started_at=STARTED, duration_ms=250, cut=cut)


def test_an_accepted_message_has_the_whole_answer_and_no_reason() -> None:
    assert judged(200, OK) == Answer(
        verdict=Verdict.ACCEPTED,
        reason="",
        started_at=STARTED,
        duration_ms=250,
        http_status=200,
        code=0,
        retry_after=None,
        excerpt='{"code":0,"message":"OK"}',
    )


@pytest.mark.parametrize(
    ("body", "verdict", "reason", "code"),
    [
        (b'{"code": 0}', Verdict.ACCEPTED, "", 0),
        (b'{"code": 17, "message": "busy"}', Verdict.DEFERRED, "code 17", 17),
        (b'{"code": -1}', Verdict.DEFERRED, "code -1", -1),
        (b'{"code": 2147483647}', Verdict.DEFERRED, "code 2147483647", 2147483647),
        (b'{"code": -2147483648}', Verdict.DEFERRED, "code -2147483648", -2147483648),
        (b'{"code": 2147483648}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": -2147483649}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": 1e400}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": "0"}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": false}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": 0.0}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": null}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"message": "OK"}', Verdict.UNANSWERED, "unreadable answer", None),
        (b'[{"code": 0}]', Verdict.UNANSWERED, "unreadable answer", None),
        (b"0", Verdict.UNANSWERED, "unreadable answer", None),
        (b"null", Verdict.UNANSWERED, "unreadable answer", None),
        (b"", Verdict.UNANSWERED, "unreadable answer", None),
        (b'{"code": 0', Verdict.UNANSWERED, "unreadable answer", None),
        (b"<html>OK</html>", Verdict.UNANSWERED, "unreadable answer", None),
        (b"\xff\xfe\x00", Verdict.UNANSWERED, "unreadable answer", None),
        (b"[" * 60_000, Verdict.UNANSWERED, "unreadable answer", None),
    ],
)
def test_status_200_is_judged_by_its_code(body: bytes, verdict: Verdict, reason: str, code: int | None) -> None:
    answer = judged(200, body)

    assert (answer.verdict, answer.reason, answer.code, answer.http_status) == (verdict, reason, code, 200)


def expected_of_status(status: int) -> Verdict:
    match status:
        case 401 | 403 | 407:
            return Verdict.UNAUTHORIZED
        case 408 | 425 | 429:
            return Verdict.DEFERRED
        case 502 | 504:
            return Verdict.UNANSWERED
        case _ if status // 100 == 2:
            return Verdict.UNANSWERED
        case _ if status // 100 == 4:
            return Verdict.REFUSED
        case _:
            return Verdict.DEFERRED


@pytest.mark.parametrize("status", [status for status in range(100, 600) if status != 200])
def test_every_other_status_is_judged_by_itself_whatever_the_body_says(status: int) -> None:
    for body, cut, code in ((OK, None, 0), (b"nonsense", None, None), (OK, Failure.TIMEOUT, None)):
        answer = judged(status, body, cut=cut)

        assert (answer.verdict, answer.reason) == (expected_of_status(status), f"HTTP {status}")
        assert (answer.http_status, answer.code) == (status, code)


@pytest.mark.parametrize("cut", [Failure.TIMEOUT, Failure.CONNECTION_LOST, Failure.UNREADABLE])
def test_status_200_with_a_cut_off_body_is_never_believed(cut: Failure) -> None:
    answer = judged(200, OK, cut=cut)

    assert (answer.verdict, answer.reason, answer.code) == (Verdict.UNANSWERED, cut.value, None)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("0", timedelta(0)),
        ("7", timedelta(seconds=7)),
        (" 120 ", timedelta(minutes=2)),
        ("86401", timedelta(days=1)),
        ("9" * 5_000, timedelta(days=1)),
        # Reckoned from when the answer came: 12:00:00.250.
        ("Sun, 01 Mar 2026 12:00:10 GMT", timedelta(seconds=9.75)),
        ("Sun, 01 Mar 2026 15:00:10 +0300", timedelta(seconds=9.75)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("1_000", None),
        ("٣", None),
        ("soon", None),
        ("Sun, 99 Mar 2026 12:00:10 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_never_more_than_a_day(asked: str, wait: timedelta | None) -> None:
    assert judged(429, headers={"Retry-After": asked}).retry_after == wait


def test_retry_after_counts_with_every_failure_and_not_with_success() -> None:
    headers = {"Retry-After": "5"}

    assert judged(503, headers=headers).retry_after == timedelta(seconds=5)
    assert judged(200, b'{"code": 17}', headers).retry_after == timedelta(seconds=5)
    assert judged(200, OK, headers).retry_after is None


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        (b"", None),
        (b"\x00\x01\x7f", None),
        (b"a\x00b\x1b[31mc", "ab[31mc"),
        (b"two\r\nlines\tand a tab", "two  lines and a tab"),
        ("Ошибка".encode(), "Ошибка"),
        (b"\xff\xfe!", "��!"),
        ("\x85\x9f".encode(), None),
        (b"x" * 501, "x" * 500),
        ("😀".encode() * 501, "😀" * 500),
    ],
)
def test_the_excerpt_is_short_and_can_be_stored_and_shown(body: bytes, excerpt: str | None) -> None:
    assert judged(500, body).excerpt == excerpt


@pytest.mark.parametrize(
    ("failure", "verdict"),
    [
        (Failure.NO_TIME_LEFT, Verdict.UNSENT),
        (Failure.NAME_NOT_FOUND, Verdict.DEFERRED),
        (Failure.CONNECTION_REFUSED, Verdict.DEFERRED),
        (Failure.CONNECT_TIMEOUT, Verdict.DEFERRED),
        (Failure.PROXY_REFUSED, Verdict.DEFERRED),
        (Failure.TLS_FAILED, Verdict.DEFERRED),
        (Failure.CONNECT_FAILED, Verdict.DEFERRED),
        (Failure.CLIENT_CLOSED, Verdict.UNSENT),
        (Failure.UNSENDABLE, Verdict.REFUSED),
        (Failure.TIMEOUT, Verdict.UNANSWERED),
        (Failure.CONNECTION_LOST, Verdict.UNANSWERED),
        (Failure.UNREADABLE, Verdict.UNANSWERED),
        (Failure.UNEXPECTED, Verdict.UNANSWERED),
    ],
)
def test_a_failure_is_judged_by_whether_the_request_may_have_arrived(failure: Failure, verdict: Verdict) -> None:
    answer = answer_from_failure(failure, "half a pair: \ud800, NUL: \x00", started_at=STARTED, duration_ms=3)

    assert answer == Answer(verdict, failure.value, STARTED, 3, excerpt="half a pair: ?, NUL: ")


def test_every_failure_stands_in_the_table_above() -> None:
    (mark,) = test_a_failure_is_judged_by_whether_the_request_may_have_arrived.pytestmark  # type: ignore[attr-defined]

    assert {failure for failure, _ in mark.args[1]} == set(Failure)


@given(
    status=st.integers(0, 999),
    body=st.binary(max_size=2_000) | st.text().map(lambda text: text.encode(errors="surrogatepass")),
    retry_after=st.none() | st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{1,5} [\d:]{1,9}.*"),
    cut=st.none() | st.sampled_from(Failure),
)
def test_no_answer_whatever_it_is_can_break_the_judge(
    status: int, body: bytes, retry_after: str | None, cut: Failure | None
) -> None:
    answer = judged(status, body, {} if retry_after is None else {"Retry-After": retry_after}, cut)

    assert answer.verdict is not Verdict.ACCEPTED or (status == 200 and answer.code == 0 and cut is None)
    assert (answer.reason == "") == (answer.verdict is Verdict.ACCEPTED)
    assert len(answer.reason) <= 30
    assert answer.code is None or -(2**31) <= answer.code < 2**31
    assert answer.retry_after is None or timedelta(0) <= answer.retry_after <= LONGEST_RETRY_AFTER
    excerpt = answer.excerpt or ""
    assert len(excerpt) <= EXCERPT_CHARACTERS
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in excerpt)
    excerpt.encode()
