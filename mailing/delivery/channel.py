"""The channel to the provider as one worker process sees it: the breaker that it shares with all others.

The database holds the state (`channel_queries`), so it outlives every process. Each process tells it what it has seen,
once a second, and at once where that gives reason to open; with the same statement it learns what the others saw.
"""

import asyncio
import time
from collections import Counter
from contextvars import Context
from datetime import datetime

import structlog

from mailing.cancellation import end
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.breaker import BreakerPolicy, BreakerState, is_evidence, is_failure
from mailing.delivery.channel_log import tell_opened
from mailing.delivery.channel_queries import ChannelStanding, Experience, exchange
from mailing.outage import Outage
from mailing.provider.protocol import Answer, Verdict

TELL_SECONDS = 1.0
ASK_SECONDS = 0.5
"""How often to ask whether it is closed again."""

log = structlog.get_logger(__name__)


class Channel:
    """Lets requests leave, or not. One per process and event loop, from `start` to `stop`."""

    def __init__(self, policy: BreakerPolicy) -> None:
        self.policy = policy
        self._is_open = False
        self._passes_since = 0.0
        self._looked_at = float("-inf")
        self._known_since: datetime | None = None
        self._requests = 0
        self._reasons: Counter[str] = Counter()
        self._token_refused: str | None = None
        self._suspicious = asyncio.Event()
        self._exchanging = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("channel.not_shared")

    @property
    def is_held(self) -> bool:
        """Nothing may leave now: there is no use in claiming messages."""
        return self._is_open

    def learn(self, answer: Answer | None) -> None:
        """See how a request ended; None: it was cut off before it was answered."""
        if answer is None or not is_evidence(answer):
            return
        if time.monotonic() - answer.duration_ms / 1000 < self._passes_since:
            return  # It left before the channel was opened, and says nothing of now.
        self._requests += 1
        if answer.verdict is Verdict.UNAUTHORIZED:
            self._token_refused = answer.reason
            self._is_open = True
            self._suspicious.set()
        elif is_failure(answer):
            self._reasons[answer.reason] += 1
            if self._reasons.total() >= self.policy.least_requests:
                self._suspicious.set()

    async def look(self) -> None:
        """Make sure that what is known of the channel is not older than a second."""
        async with self._exchanging:  # Many pumps that begin together ask once.
            if time.monotonic() - self._looked_at > TELL_SECONDS:
                await self._exchange()

    async def look_again(self) -> None:
        """Tell what was seen, and learn how the channel stands now."""
        async with self._exchanging:
            await self._exchange()

    def start(self) -> None:
        """Keep telling and asking."""
        self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def stop(self) -> None:
        """Tell and ask no more."""
        if self._task is not None:
            await end(self._task)

    async def _run(self) -> None:
        while True:
            await self._wait()
            # Also when nothing was answered: where requests hang, it is the others who know why nothing should leave.
            try:
                await self.look_again()
            except Exception:
                # Without this task the process would never learn that the channel is closed again.
                log.exception("channel.exchange_failed")

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(ASK_SECONDS if self._is_open else TELL_SECONDS):
                await self._suspicious.wait()
        except TimeoutError:
            pass
        self._suspicious.clear()

    async def _exchange(self) -> None:
        seen = self._take_experience()
        try:
            standing, opened = await exchange(self.policy, seen)
        except DATABASE_ERRORS as e:
            # What was seen is forgotten: while the database is away nothing is sent, and later it is old news.
            self._outage.met(e)
            return
        self._outage.over()
        self._take_note(standing)
        if opened:
            tell_opened(standing)

    def _take_experience(self) -> Experience:
        most_often = self._reasons.most_common(1)
        seen = Experience(
            self._requests,
            self._reasons.total(),
            most_often[0][0] if most_often else "",
            self._token_refused,
            self._known_since,
        )
        self._requests, self._token_refused = 0, None
        self._reasons.clear()
        return seen

    def _take_note(self, standing: ChannelStanding) -> None:
        self._looked_at = time.monotonic()
        self._known_since = standing.since
        was_open, self._is_open = self._is_open, standing.state is not BreakerState.CLOSED
        if self._token_refused is not None:  # Heard while the question was on its way.
            self._is_open = True
        if was_open and not self._is_open:
            self._passes_since = self._looked_at
