"""One exchange with the provider, as every client of ours describes it: a Reply, or an ExchangeError.

Clients bring either; `answered` makes the Answer of it, so that both mean the same by the same failure.
"""

import ssl
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Final, NamedTuple

import structlog

from mailing.provider.answers import Failure, answer_from_failure, answer_from_response
from mailing.provider.protocol import Answer

MOST_BODY_BYTES: Final = 64 * 1024
KEEP_ALIVE_SECONDS: Final = 4.0
"""Below the idle timeout of common servers (5 s and more): a request that meets a connection which the server is just
closing comes back UNANSWERED and has spent a try."""

log = structlog.get_logger(__name__)


class Reply(NamedTuple):
    """An HTTP answer. `cut` says why `body` is only a beginning, if it is."""

    status: int
    headers: Mapping[str, str]
    """Those that the verdict needs: at least Retry-After."""
    body: bytes
    cut: Failure | None = None


class ExchangeError(Exception):
    """Raised when an exchange brings no HTTP answer; `failure` says why, `detail` what the network said to it."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(detail or failure.value)
        self.failure = failure
        self.detail = detail


async def answered(exchange: Awaitable[Reply], message_id: int) -> Answer:
    """Wait for the exchange and judge it. Raises nothing but cancellation."""
    started_at, began = datetime.now(UTC), monotonic()
    try:
        status, headers, body, cut = await exchange
    except ExchangeError as e:
        failure, detail = e.failure, e.detail
    except Exception as e:  # The promise is that every failure is an Answer, those without a name included.
        failure, detail = Failure.UNEXPECTED, described(e)
        log.exception("provider.request_broke", message_id=message_id)
    else:
        duration_ms = _milliseconds_since(began)
        return answer_from_response(status, headers, body, started_at=started_at, duration_ms=duration_ms, cut=cut)
    return answer_from_failure(failure, detail, started_at=started_at, duration_ms=_milliseconds_since(began))


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def tls_context() -> ssl.SSLContext:
    """Checks certificate and host name against the system's authorities (or SSL_CERT_FILE, SSL_CERT_DIR)."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _milliseconds_since(began: float) -> int:
    return round((monotonic() - began) * 1000)
