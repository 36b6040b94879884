"""What surrounds every actor, in an order that is part of the design."""

import dramatiq
from dramatiq.broker import MessageProxy
from dramatiq.brokers.stub import StubBroker
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from mailing.origin import Origin, current
from mailing.settings import Settings
from tasks.middleware import Bearings, Connections, middlewares
from tasks.sending import ORIGIN


def test_the_loop_lives_longest_and_then_the_connections(settings: Settings) -> None:
    # When
    names = [type(middleware).__name__ for middleware in middlewares(Connections(settings))]

    # Then `after_*` hooks run the other way round: the connections close while the loop still runs
    assert names == [
        "UvloopAsyncIO",
        "Connections",
        "Bearings",
        "CountJobs",
        "Retries",
        "TimeLimit",
        "ShutdownNotifications",
    ]


def test_a_job_arises_from_what_its_sender_arose_from_and_no_later_one_does() -> None:
    # Given
    bearings, broker = Bearings(), StubBroker(middleware=[])
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name="sending",
        actor_name="mailing.pump",
        args=(7,),
        kwargs={},
        options={ORIGIN: {"operation_id": "5f0c", "user": "alice"}},
    )

    # When
    bearings.before_process_message(broker, MessageProxy(message))
    during, bound = current(), get_contextvars()
    bearings.after_process_message(broker, MessageProxy(message))

    # Then
    assert during == Origin("5f0c", "alice")
    assert bound == {"job": "mailing.pump", "mailing_id": 7, "operation_id": "5f0c", "user": "alice"}
    assert current() is None
    assert get_contextvars() == {}


def test_a_job_tells_that_it_begins_and_how_it_ended() -> None:
    # Given
    bearings, broker = Bearings(), StubBroker(middleware=[])
    message = MessageProxy(
        dramatiq.Message(queue_name="sending", actor_name="mailing.pump", args=(7,), kwargs={}, options={})
    )

    # When
    with capture_logs() as logs:
        for failure in (None, ConnectionResetError("gone")):
            bearings.before_process_message(broker, message)
            bearings.after_process_message(broker, message, exception=failure)

    # Then
    told = [{name: value for name, value in line.items() if name != "duration_ms"} for line in logs]
    begun = {"event": "job.begun", "log_level": "info"}
    ended = {"event": "job.ended", "log_level": "info"}
    assert told == [begun, ended | {"outcome": "done"}, begun, ended | {"outcome": "failed"}]
