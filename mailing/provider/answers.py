"""The provider's contract as pure functions: what came back, or what went wrong, becomes an Answer.

    | what happened                                         | verdict      | reason                                |
    |-------------------------------------------------------|--------------|---------------------------------------|
    | 200, a JSON object with `code` 0                      | ACCEPTED     |                                       |
    | 200, another int32 `code`                             | DEFERRED     | code 17                               |
    | 200, any other body                                   | UNANSWERED   | unreadable answer                     |
    | 200, and its body was cut off                         | UNANSWERED   | timeout, connection lost              |
    | 401, 403; 407, which is a proxy's                     | UNAUTHORIZED | HTTP 401                              |
    | 408, 425, 429                                         | DEFERRED     | HTTP 429                              |
    | other 4xx                                             | REFUSED      | HTTP 404                              |
    | 502, 504: a gateway lost the answer                   | UNANSWERED   | HTTP 502                              |
    | other 2xx: some success, but not the contract's       | UNANSWERED   | HTTP 202                              |
    | every other status; redirects are not followed        | DEFERRED     | HTTP 500                              |
    | no answer, and the request cannot have been handed on | DEFERRED     | connection refused, connect timeout … |
    | nothing was tried: no time left, or we are closing    | UNSENT       | no time left, client closed           |
    | no answer, and it may have been handed on             | UNANSWERED   | timeout, connection lost …            |

A failure is DEFERRED only where the provider cannot have taken the message, or said that it did not; where nobody
can know, it is UNANSWERED.
"""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

import orjson

from mailing.provider.protocol import Answer, Verdict

EXCERPT_CHARACTERS = 500
LONGEST_RETRY_AFTER = timedelta(days=1)

_UNAUTHORIZED = frozenset({401, 403, 407})
_TRY_LATER = frozenset({408, 425, 429})
_LOST_BY_A_GATEWAY = frozenset({502, 504})
_INT32 = range(-(2**31), 2**31)


class Failure(StrEnum):
    """Why there is no whole answer. The value is the reason that people read and statistics group by."""

    NO_TIME_LEFT = "no time left"
    NAME_NOT_FOUND = "name not found"
    CONNECTION_REFUSED = "connection refused"
    CONNECT_TIMEOUT = "connect timeout"
    PROXY_REFUSED = "proxy refused"
    TLS_FAILED = "TLS failed"
    CONNECT_FAILED = "connection failed"
    CLIENT_CLOSED = "client closed"
    UNSENDABLE = "unsendable message"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection lost"
    UNREADABLE = "unreadable answer"
    UNEXPECTED = "unexpected error"

    @property
    def verdict(self) -> Verdict:
        """UNSENT or DEFERRED if the request never left, REFUSED if it never can, else UNANSWERED."""
        if self is Failure.UNSENDABLE:
            return Verdict.REFUSED
        if self in (Failure.NO_TIME_LEFT, Failure.CLIENT_CLOSED):
            return Verdict.UNSENT
        return Verdict.DEFERRED if self in _NEVER_LEFT else Verdict.UNANSWERED


_NEVER_LEFT = frozenset(
    {
        Failure.NAME_NOT_FOUND,
        Failure.CONNECTION_REFUSED,
        Failure.CONNECT_TIMEOUT,
        Failure.PROXY_REFUSED,
        Failure.TLS_FAILED,
        Failure.CONNECT_FAILED,
    }
)


def answer_from_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    started_at: datetime,
    duration_ms: int,
    cut: Failure | None = None,
) -> Answer:
    """Judge an HTTP answer. Raises nothing, whatever the provider sent.

    `headers` finds names in any case. `cut` says why `body` is only a beginning; it matters to status 200 alone,
    because every other verdict stands with the status line.
    """
    code = _code(body) if cut is None else None
    verdict, reason = _judge_200(code, cut) if status == 200 else (_verdict_of_status(status), f"HTTP {status}")
    retry_after = None
    if verdict is not Verdict.ACCEPTED and (asked := headers.get("Retry-After")) is not None:
        retry_after = _retry_after(asked, started_at + timedelta(milliseconds=duration_ms))
    return Answer(verdict, reason, started_at, duration_ms, status, code, retry_after, _excerpt_of_body(body))


def answer_from_failure(
    failure: Failure, detail: str | None = None, *, started_at: datetime, duration_ms: int
) -> Answer:
    """Judge an exchange that brought no HTTP answer. `detail` is the error's own text."""
    excerpt = _printable(detail) if detail else None
    return Answer(failure.verdict, failure.value, started_at, duration_ms, excerpt=excerpt)


def _judge_200(code: int | None, cut: Failure | None) -> tuple[Verdict, str]:
    if code == 0:
        return Verdict.ACCEPTED, ""
    if code is not None:
        return Verdict.DEFERRED, f"code {code}"
    return Verdict.UNANSWERED, (cut or Failure.UNREADABLE).value


def _verdict_of_status(status: int) -> Verdict:
    if status in _UNAUTHORIZED:
        return Verdict.UNAUTHORIZED
    if status in _LOST_BY_A_GATEWAY or 200 <= status < 300:
        return Verdict.UNANSWERED
    if 400 <= status < 500 and status not in _TRY_LATER:
        return Verdict.REFUSED
    return Verdict.DEFERRED


def _code(body: bytes) -> int | None:
    """The `code` of a JSON object, if it is the int32 that the contract promises."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    code = answer.get("code") if isinstance(answer, dict) else None
    # `true` is an int to Python, and no code to the contract.
    return code if type(code) is int and code in _INT32 else None


def _retry_after(asked: str, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110, 10.2.3), from 0 to LONGEST_RETRY_AFTER; None if it is neither."""
    asked = asked.strip()
    if asked.isascii() and asked.isdigit():
        # Ten digits are 300 years already, and int() refuses thousands of them.
        wait = timedelta(seconds=int(asked)) if len(asked) <= 10 else LONGEST_RETRY_AFTER
    elif (moment := _http_date(asked)) is not None:
        wait = moment - now
    else:
        return None
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _excerpt_of_body(body: bytes) -> str | None:
    # A character takes four bytes at most.
    return _printable(body[: 4 * EXCERPT_CHARACTERS].decode(errors="replace")) or None


def _printable(text: str) -> str:
    """At most EXCERPT_CHARACTERS that PostgreSQL can hold and a log line can show: no NUL, no control characters."""
    text = text[: 4 * EXCERPT_CHARACTERS]
    if not text.isprintable():
        text = "".join(_shown(c) for c in text)
    return text[:EXCERPT_CHARACTERS]


def _shown(character: str) -> str:
    """Line ends and tabs as a space, other control characters as nothing, half a surrogate pair as `?`."""
    if character in "\t\n\r":
        return " "
    match unicodedata.category(character):
        case "Cc":
            return ""
        case "Cs":
            return "?"
    return character
