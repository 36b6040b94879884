"""Brings each state to those who follow its mailing. In memory only: it neither reads nor waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from mailing.models.mailing import MailingStatus
from mailing.progress.beat import Timer
from mailing.progress.snapshot import MailingProgress
from mailing.progress.subscriber import Subscriber

MOST_OVER = 1_000


class Hub:
    """Takes states from anywhere, in any order and doubled, and hands on what is newer and different.

    Whoever has gone leaves nothing behind; without subscribers it holds nothing.
    """

    def __init__(self, *, timer: Timer | None = None) -> None:
        """`timer`: what its subscribers measure time by."""
        self._timer = timer
        self._watchers: dict[int, set[Subscriber]] = {}
        self._active: set[Subscriber] = set()
        self._latest: dict[int, MailingProgress] = {}
        # What came of mailings that are over, None for those that are gone: a state that was read before and
        # arrives late must not bring them back. Late is a matter of seconds, so the last thousand are enough.
        self._over: dict[int, MailingProgress | None] = {}
        self._ended = False

    @property
    def is_empty(self) -> bool:
        """Nobody follows anything, and nothing is held."""
        return not (self._watchers or self._active or self._latest or self._over)

    @property
    def follows_active(self) -> bool:
        """Somebody follows every mailing that runs."""
        return bool(self._active)

    def followed(self) -> set[int]:
        """The mailings that somebody follows at present."""
        return set(self._watchers).union(*(subscriber.following for subscriber in self._active))

    def runs(self, mailing_id: int) -> bool:
        """The newest state of it that somebody follows says so."""
        latest = self._latest.get(mailing_id)
        return latest is not None and latest.status is MailingStatus.RUNNING

    @contextmanager
    def watching(self, mailing_id: int) -> Iterator[Subscriber]:
        """A subscriber to one mailing, for the length of the block."""
        subscriber = self._arrived(Subscriber(mailing_id, timer=self._timer))
        watchers = self._watchers.setdefault(mailing_id, set())
        watchers.add(subscriber)
        try:
            yield subscriber
        finally:
            watchers.discard(subscriber)
            if not watchers:
                self._watchers.pop(mailing_id, None)
            self._clean_up()

    @contextmanager
    def watching_active(self) -> Iterator[Subscriber]:
        """A subscriber to every mailing that runs, for the length of the block."""
        subscriber = self._arrived(Subscriber(timer=self._timer))
        self._active.add(subscriber)
        try:
            yield subscriber
        finally:
            self._active.discard(subscriber)
            self._clean_up()

    def welcome(self, subscriber: Subscriber, state: MailingProgress) -> None:
        """Give a new subscriber its first state: the one just read for it, or a newer one that is known by now."""
        mailing_id = state.mailing_id
        self.accept(state)
        first = self._over.get(mailing_id, self._latest.get(mailing_id, state))
        if first is not None:
            subscriber.offer(first)

    def accept(self, state: MailingProgress) -> None:
        """Hand a state on, unless it is older than what was handed on, or says nothing new."""
        mailing_id = state.mailing_id
        known = self._latest.get(mailing_id)
        if mailing_id in self._over or (known is not None and state.updated_at <= known.updated_at):
            return
        wanting = [*self._watchers.get(mailing_id, ()), *(s for s in self._active if s.wants(state))]
        if not wanting:
            return
        if state.is_final:
            self._close(mailing_id, state)
        else:
            self._latest[mailing_id] = state
        if known is None or replace(known, updated_at=state.updated_at) != state:
            for subscriber in wanting:
                subscriber.offer(state)

    def gone(self, mailing_id: int) -> None:
        """The mailing was deleted: who watched it has nothing more to wait for."""
        for subscriber in self._watchers.get(mailing_id, ()):
            subscriber.end()
        for subscriber in self._active:
            subscriber.forget(mailing_id)
        if self._watchers or self._active:
            self._close(mailing_id, None)

    def end(self) -> None:
        """Nothing more comes, neither to those who are here nor to those who arrive later."""
        self._ended = True
        for subscriber in {*self._active}.union(*self._watchers.values()):
            subscriber.end()

    def _arrived(self, subscriber: Subscriber) -> Subscriber:
        if self._ended:
            subscriber.end()
        return subscriber

    def _close(self, mailing_id: int, last: MailingProgress | None) -> None:
        self._latest.pop(mailing_id, None)
        self._over[mailing_id] = last
        if len(self._over) > MOST_OVER:
            del self._over[next(iter(self._over))]

    def _clean_up(self) -> None:
        """Hold nothing of mailings that nobody follows."""
        for mailing_id in self._latest.keys() - self.followed():
            del self._latest[mailing_id]
        if not self._watchers and not self._active:
            self._over.clear()
