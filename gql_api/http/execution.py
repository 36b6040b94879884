"""One execution of a subscription, for everyone who asked for the same."""

import asyncio
import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.types.execution import ExecutionResult, PreExecutionError

from gql_api.http.follower import Follower
from gql_api.http.frames import encoded
from gql_api.subjects import Subjects

MOST_SUBJECTS = 1_000
"""Of which a newcomer is told; those with the latest events."""

_AT_A_TIME = 100

Results = AsyncGenerator[Any, None]

log = structlog.get_logger(__name__)


class Execution:
    """Runs while it has followers. Each result is encoded once and given to all of them; newcomers get the newest.

    `start` begins the execution; what it yields is about the `subjects`. `ended` is called when no follower may be
    added any more: it is over, or the last one has gone.
    """

    def __init__(
        self, start: Callable[[], Awaitable[Results]], subjects: Subjects, *, ended: Callable[["Execution"], None]
    ) -> None:
        self._start = start
        self._subjects = subjects
        self._ended = ended
        self._followers: set[Follower] = set()
        self._newest: dict[Hashable, str] = {}
        # In a context of its own: the first follower's, with what is bound to its logs, may be gone long before.
        self._task = asyncio.get_running_loop().create_task(self._run(), context=contextvars.Context())

    @contextmanager
    def followed(self) -> Iterator[Follower]:
        """A follower, for the length of the block."""
        present = [payload for subject, payload in self._newest.items() if self._subjects.is_present(subject)]
        follower = Follower(present)
        self._followers.add(follower)
        try:
            yield follower
        finally:
            self._followers.discard(follower)
            if not self._followers:
                self._ended(self)
                self._task.cancel()

    async def _run(self) -> None:
        errors = None
        try:
            errors = await self._hand_on_results()
        except Exception:
            log.exception("graphql.subscription_broke_off")
        finally:
            self._ended(self)
            for follower in self._followers:
                follower.end(errors)

    async def _hand_on_results(self) -> list[GraphQLError] | None:
        """The errors for which nothing was executed."""
        async with aclosing(await self._start()) as results:
            async for result in results:
                if isinstance(result, PreExecutionError):
                    return result.errors
                await self._hand_on(self._subjects.current, encoded(_payload(result)).decode())
        return None

    async def _hand_on(self, subject: Hashable, payload: str) -> None:
        self._newest.pop(subject, None)
        self._newest[subject] = payload
        if len(self._newest) > MOST_SUBJECTS:
            del self._newest[next(iter(self._newest))]
        for count, follower in enumerate([*self._followers], start=1):
            follower.offer(subject, payload)
            if count % _AT_A_TIME == 0:
                await asyncio.sleep(0)  # Whoever asks something meanwhile does not wait for a thousand sockets.


def _payload(result: ExecutionResult) -> dict[str, object]:
    payload: dict[str, object] = {"data": result.data}
    if result.errors:
        payload["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        payload["extensions"] = result.extensions
    return payload
