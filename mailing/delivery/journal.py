"""What happens to each message on its way, told step by step as it happens: the one place where the engine is watched.

Nothing here waits, and nothing here changes what is sent. A line says what was about to happen or what had come of it;
what counts is what has been committed (`delivery_attempt`). A process that dies may have told of a request that never
left, or not of an answer that had come.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from mailing.delivery.messages import Claimed, Result
from mailing.delivery.spans import note_request
from mailing.logging import Each, Repeated
from mailing.metrics import sending
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict

log = structlog.get_logger(__name__)

_requested = Repeated(log, "message.requested", "client_id", "message_id", "attempt", "phone")
_accepted = Repeated(
    log,
    "message.answered",
    *("client_id", "message_id", "attempt", "duration_ms"),
    outcome=Verdict.ACCEPTED,
    http_status=200,
    provider_code=0,
    status=MessageStatus.SENT,
)
"""The answer that nearly all get."""

_AT_ONCE = 1_000
"""Lines of many messages that are written in one piece; between two pieces others have their turn."""

OfClients = Sequence[tuple[int, int]]
"""Messages as pairs: of a client's id, and of the message's."""
OfMailings = Sequence[tuple[int, int, int]]
"""The same, with the mailing's id before them."""


async def created(mailing_id: int, messages: OfClients, at: datetime) -> None:
    """The selection has written them. `at`: before the commit, for a pump may send them right after it."""
    await _tell_each("message.created", mailing_id, messages, timestamp=at)


async def left_out(mailing_id: int, messages: OfClients, at: datetime) -> None:
    """A changed filter has cancelled them, or ended them UNCONFIRMED."""
    await _tell_each("message.left_out", mailing_id, messages, timestamp=at)


def request_leaves(mailing_id: int, message: Claimed) -> None:
    """The next thing that happens is a request to the provider."""
    _requested.tell(mailing_id, message.client_id, message.id, message.number, message.phone)


def request_held_back(mailing_id: int, message: Claimed) -> None:
    """It was told that a request leaves, and then there was no time left for it."""
    log.info(
        "message.held_back",
        mailing_id=mailing_id,
        client_id=message.client_id,
        message_id=message.id,
        attempt=message.number,
        reason="the lease is about to end",
    )


def answer_came(mailing_id: int, result: Result, answer: Answer) -> None:
    """An answer, or the lack of one, and what it makes of the message. `answer` is by the clock of this machine."""
    sending.answered(answer)
    message = result.message
    if result.status is MessageStatus.SENT and answer.verdict is Verdict.ACCEPTED and answer.http_status == 200:
        _accepted.tell(mailing_id, message.client_id, message.id, message.number, answer.duration_ms)
    else:
        _tell_of_answer(mailing_id, result, answer)
    note_request(mailing_id, result, answer)


def put_off(mailing_id: int, message: Claimed, until: datetime) -> None:
    """It was not sent, for the client's window is closed."""
    sending.PUT_OFF.inc()
    log.info(
        "message.put_off",
        mailing_id=mailing_id,
        client_id=message.client_id,
        message_id=message.id,
        reason="the window is closed",
        due_at=until,
    )


async def taken_back(mailing_id: int, messages: OfClients, status: MessageStatus, at: datetime) -> None:
    """The worker that held them has fallen silent, and they have this status now. `at`: before the commit."""
    await _tell_each("message.taken_back", mailing_id, messages, timestamp=at, status=status, reason="worker died")


async def withdrawn(messages: OfMailings, at: datetime) -> None:
    """Their client was deleted before they were sent. `at`: before the commit."""
    await _write_each("message.withdrawn", ("mailing_id", "client_id", "message_id"), messages, timestamp=at)


async def redirected(messages: OfMailings, at: datetime) -> None:
    """Their client has another phone or time zone, by which they go from now on. `at`: before the commit."""
    await _write_each("message.redirected", ("mailing_id", "client_id", "message_id"), messages, timestamp=at)


def _tell_of_answer(mailing_id: int, result: Result, answer: Answer) -> None:
    log.info(
        "message.answered",
        mailing_id=mailing_id,
        client_id=result.message.client_id,
        message_id=result.message.id,
        attempt=result.message.number,
        outcome=answer.verdict,
        reason=answer.reason or None,
        duration_ms=answer.duration_ms,
        http_status=answer.http_status,
        provider_code=answer.code,
        status=result.status,
        due_at=result.due_at,
    )


async def _tell_each(event: str, mailing_id: int, messages: OfClients, **fields: object) -> None:
    await _write_each(event, ("client_id", "message_id"), messages, mailing_id=mailing_id, **fields)


async def _write_each(event: str, names: tuple[str, ...], rows: Sequence[tuple[int, ...]], **fields: object) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        log.info(event, **fields, each=Each(names, rows[start : start + _AT_ONCE]))
        await asyncio.sleep(0)
