"""A Redis broker whose workers survive a Redis that is away, hangs, or refuses.

Dramatiq expects no error but a lost connection: any other ends a consumer's thread for good, and the worker only looks
alive. And it holds a thread that has done its job until Redis can be told so, even when the worker is to stop.
Here jobs are wake-ups that may be done twice, so nothing has to wait for that.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import BrokerConnectionError, ConnectionClosed
from redis.exceptions import RedisError


class PatientConsumer(_RedisConsumer):
    """Forgets a job that is done, whether Redis can be told so or not."""

    def ack(self, message: Any) -> None:
        with suppress(BrokerConnectionError):
            super().ack(message)  # type: ignore[no-untyped-call]

    def nack(self, message: Any) -> None:
        with suppress(BrokerConnectionError):
            super().nack(message)  # type: ignore[no-untyped-call]


class PatientBroker(RedisBroker):
    """Calls every failure of Redis a lost connection: Dramatiq asks again after a while."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> PatientConsumer:
        return PatientConsumer(self, queue_name, prefetch, timeout)  # type: ignore[no-untyped-call]

    def _dispatch(self, command: str) -> Callable[..., Any]:
        dispatch = super()._dispatch(command)  # type: ignore[no-untyped-call]

        def do_dispatch(queue_name: str, *args: Any) -> Any:
            try:
                return dispatch(queue_name, *args)
            except RedisError as e:
                raise ConnectionClosed(e) from e  # type: ignore[no-untyped-call]

        return do_dispatch
