"""One execution of a subscription, for everyone who asked for the same."""

import asyncio
import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.types.execution import ExecutionResult, PreExecutionError

from gql_api.http.follower import Follower, Welcome
from gql_api.http.frames import encoded
from gql_api.subjects import Subjects

MOST_SUBJECTS = 1_000
"""Of which a newcomer is told; those with the latest events."""

_AT_A_TIME = 100

_GATHER_SECONDS = 0.02
"""Those who come within this time are welcomed together."""

Results = AsyncGenerator[Any, None]
Begin = Callable[[], tuple[Subjects, Awaitable[Results]]]

log = structlog.get_logger(__name__)


class Execution:
    """Runs while it has followers. Each result is encoded once and given to all of them.

    A newcomer first gets what holds as it comes, which others may not have yet: newcomers of the same moment get it
    from one further execution, up to its first result. Where results are about several subjects, it is the newest of
    each instead.

    `begin` begins an execution; what it yields is about the subjects. `ended` is called when no follower may be
    added any more: it is over, or the last one has gone.
    """

    def __init__(self, begin: Begin, *, ended: Callable[["Execution"], None]) -> None:
        self._begin = begin
        self._subjects, self._results = begin()
        self._ended = ended
        self._greeting: asyncio.Task[Welcome] | None = None
        self._followers: set[Follower] = set()
        self._newest: dict[Hashable, str] = {}
        # In a context of its own: the first follower's, with what is bound to its logs, may be gone long before.
        self._task = asyncio.get_running_loop().create_task(self._run(), context=contextvars.Context())

    @contextmanager
    def followed(self) -> Iterator[Follower]:
        """A follower, for the length of the block."""
        follower = Follower(self._welcome())
        self._followers.add(follower)
        try:
            yield follower
        finally:
            self._followers.discard(follower)
            if not self._followers:
                self._ended(self)
                self._task.cancel()

    def _welcome(self) -> Awaitable[Welcome]:
        if self._newest.keys() == {None}:
            if self._greeting is None:
                self._greeting = asyncio.get_running_loop().create_task(self._greet(), context=contextvars.Context())
            return asyncio.shield(self._greeting)
        present = [payload for subject, payload in self._newest.items() if self._subjects.is_present(subject)]
        return _at_once(Welcome(present))

    async def _greet(self) -> Welcome:
        await asyncio.sleep(_GATHER_SECONDS)
        self._greeting = None
        subjects, results = self._begin()
        try:
            async with aclosing(await results) as running:
                async for result in running:
                    return Welcome([encoded(_payload(result)).decode()], subjects.as_of)
        except Exception:
            log.exception("graphql.subscription_broke_off")
        return Welcome([*self._newest.values()])

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
        async with aclosing(await self._results) as results:
            async for result in results:
                if isinstance(result, PreExecutionError):
                    return result.errors
                await self._hand_on(encoded(_payload(result)).decode())
        return None

    async def _hand_on(self, payload: str) -> None:
        subject, as_of = self._subjects.current, self._subjects.as_of
        self._newest.pop(subject, None)
        self._newest[subject] = payload
        if len(self._newest) > MOST_SUBJECTS:
            del self._newest[next(iter(self._newest))]
        for count, follower in enumerate([*self._followers], start=1):
            follower.offer(subject, payload, as_of)
            if count % _AT_A_TIME == 0:
                await asyncio.sleep(0)  # Whoever asks something meanwhile does not wait for a thousand sockets.


async def _at_once(welcome: Welcome) -> Welcome:
    return welcome


def _payload(result: ExecutionResult) -> dict[str, object]:
    payload: dict[str, object] = {"data": result.data}
    if result.errors:
        payload["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        payload["extensions"] = result.extensions
    return payload
