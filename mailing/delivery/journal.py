"""What happens to each message on its way, told step by step as it happens: the one place where the engine is watched.

Nothing here waits, and nothing here changes what is sent. A line says what was about to happen or what had come of it;
what counts is what has been committed (`delivery_attempt`). A process that dies may have told of a request that never
left, or not of an answer that had come.
"""

from datetime import datetime

import structlog

from mailing.delivery.messages import Claimed, Result
from mailing.delivery.spans import note_request
from mailing.provider.protocol import Answer

log = structlog.get_logger(__name__)


def request_leaves(mailing_id: int, message: Claimed) -> None:
    """The next thing that happens is a request to the provider."""
    log.info(
        "message.requested",
        mailing_id=mailing_id,
        client_id=message.client_id,
        message_id=message.id,
        attempt=message.number,
    )


def answer_came(mailing_id: int, result: Result, answer: Answer) -> None:
    """An answer, or the lack of one, and what it makes of the message. `answer` is by the clock of this machine."""
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
    note_request(mailing_id, result, answer)


def put_off(mailing_id: int, message: Claimed, until: datetime) -> None:
    """It was not sent, for the client's window is closed."""
    log.info(
        "message.put_off",
        mailing_id=mailing_id,
        client_id=message.client_id,
        message_id=message.id,
        reason="the window is closed",
        due_at=until,
    )
