"""Checks of the SMS provider, as this machine reaches it, and as the workers have found it. No message is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from mailing.delivery.breaker import BreakerCause, BreakerState
from mailing.delivery.channel_health import ChannelStanding, read_channel
from mailing.health.amounts import span
from mailing.health.clocks import Question
from mailing.health.finding import Finding, fine, problem, warning
from mailing.provider.answers import Failure, answer_from_response
from mailing.provider.exchange import ExchangeError, Reply
from mailing.provider.protocol import Verdict
from mailing.provider.through_proxy import PROXY_AUTHENTICATION_REQUIRED, ProxyProvider
from mailing.settings import Settings

_SUBJECT = "provider"
_URL = "MAILING_PROVIDER_URL"

_TOKEN_ADVICE = (
    "Put a token that it accepts into MAILING_PROVIDER_TOKEN or the file of MAILING_PROVIDER_TOKEN_FILE; sending goes "
    "on by itself then, and nothing is lost."
)
_PROXY_ADVICE = "Correct user and password in MAILING_PROVIDER_PROXY."
_WAIT_ADVICE = "Ask the provider; sending goes on by itself when it works again, and messages wait until they end."

_ADVICE: Final[Mapping[Failure, str]] = {
    Failure.NAME_NOT_FOUND: f"Correct the host in {_URL}, or the name service of this machine.",
    Failure.CONNECTION_REFUSED: f"Correct host and port in {_URL}; if they are right, ask the provider.",
    Failure.CONNECT_TIMEOUT: "See whether this machine may reach it: a firewall, or MAILING_PROVIDER_PROXY is needed.",
    Failure.TLS_FAILED: "See whether its certificate is good, and whether this machine's clock and authorities are.",
    Failure.PROXY_REFUSED: "See what MAILING_PROVIDER_PROXY lets through, and whether it works.",
}


async def look_at_provider(settings: Settings) -> list[Finding]:
    """Ask it something that it cannot send to anybody, and judge the answer; with its clock, if it tells the time."""
    # This client goes with a proxy and without, and hands on all headers. It is closed with its one request done.
    provider = ProxyProvider(settings)
    question = Question()
    try:
        reply = await provider.ask()
        clock = _clock(question, reply.headers.get("Date", ""))
    except ExchangeError as e:
        advice = _ADVICE.get(e.failure, _WAIT_ADVICE)
        return [problem(_SUBJECT, f"{settings.provider_url} does not answer: {e.failure.value}.", advice)]
    finally:
        await provider.close()
    return [judged(reply, settings.provider_url), *clock]


def judged(reply: Reply, url: str) -> Finding:
    """What this answer to a request without phone and text says of the provider."""
    status, told = reply.status, f"{url} answers HTTP {reply.status}"
    if status == PROXY_AUTHENTICATION_REQUIRED:
        return problem(_SUBJECT, "The proxy refuses user and password (HTTP 407).", _PROXY_ADVICE)
    if status in (401, 403):
        return problem(_SUBJECT, f"{url} refuses the token (HTTP {status}).", _TOKEN_ADVICE)
    if status in (404, 405) or 300 <= status < 400:
        return warning(_SUBJECT, f"{told}: is it the right address?", f"Correct {_URL}; /v1 belongs to it.")
    if status in (408, 425, 429):
        return warning(_SUBJECT, f"{told}: it wants fewer requests.", "Lower MAILING_PROVIDER_MAX_RATE if it persists.")
    if status >= 500:
        return warning(_SUBJECT, f"{told}.", _WAIT_ADVICE)
    return _judged_by_contract(reply, url)


async def look_at_channel() -> list[Finding]:
    """How it stands by what the workers saw."""
    standing = await read_channel()
    subject = "sending"
    if standing.state is BreakerState.CLOSED:
        return [fine(subject, f"Messages may leave; {_recently(standing)}.")]
    what = f"Held for {span(standing.now - standing.since)}: {standing.reason}."
    refused = standing.cause is BreakerCause.TOKEN_REFUSED
    return [problem(subject, what, _TOKEN_ADVICE if refused else _WAIT_ADVICE)]


def _judged_by_contract(reply: Reply, url: str) -> Finding:
    answer = answer_from_response(
        reply.status, reply.headers, reply.body, started_at=datetime.now(UTC), duration_ms=0, cut=reply.cut
    )
    if answer.verdict is Verdict.UNANSWERED:
        advice = f"Correct {_URL}, or find out what stands between: a proxy's own page looks like this."
        return warning(_SUBJECT, f"{url} answers HTTP {reply.status} with what is not the provider's JSON.", advice)
    said = answer.reason or "HTTP 200, code 0"
    return fine(_SUBJECT, f"{url} answers, and does not refuse the token ({said} to a request with nothing to send).")


def _clock(question: Question, date: str) -> list[Finding]:
    try:
        shown = parsedate_to_datetime(date)
    except ValueError:
        return []  # It tells no time, which it need not.
    shown = shown if shown.tzinfo else shown.replace(tzinfo=UTC)
    return [question.answered("the provider", shown, resolution=timedelta(seconds=1))]


def _recently(standing: ChannelStanding) -> str:
    if not standing.requests:
        return "none did within the last ten seconds"
    return f"within the last ten seconds {standing.requests} did, and {standing.failures} of them failed"
