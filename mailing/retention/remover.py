"""Removes the messages of old mailings, in bounded steps that may be interrupted anywhere."""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from mailing.db.locks import try_lock_retention
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.milestones import log_milestone
from mailing.retention import queries

MESSAGES_A_STEP: Final = 2_000
"""In one transaction, with their attempts: some fifty milliseconds."""


class Step(Enum):
    """What came of one."""

    TAKEN = auto()
    NOTHING_LEFT = auto()
    ELSEWHERE = auto()
    """Somebody else is at it at this moment."""


@dataclass(slots=True)
class Remover:
    """Takes one step after the other: first what somebody left half done, then mailings in the order of their ends.

    `ended_before`: None to do only the first. `days`: for how long messages are kept, as timelines will tell.

    A mailing is marked first, and with that its messages are gone from every answer at once. A crash leaves the rest
    of its rows to whoever comes next.
    """

    ended_before: datetime | None
    days: int | None = None
    messages: int = 0
    """How many were removed so far,"""
    attempts: int = 0
    """and how many of their attempts,"""
    mailings: int = 0
    """and how many mailings have lost their last message."""
    seconds: float = 0
    """What the last step took."""
    _mailing_id: int | None = None
    _after_client_id: int = 0

    async def step(self) -> Step:
        """Mark one mailing, or remove a piece of it."""
        began = time.monotonic()
        try:
            async with unit_of_work():
                if not await try_lock_retention():
                    return Step.ELSEWHERE
                return await self._step()
        finally:
            self.seconds = time.monotonic() - began

    async def _step(self) -> Step:
        if self._mailing_id is not None:
            await self._remove_from(self._mailing_id)
            return Step.TAKEN
        self._mailing_id, self._after_client_id = await queries.half_emptied_mailing(), 0
        if self._mailing_id is not None:
            return Step.TAKEN
        return Step.TAKEN if await self._mark_next() else Step.NOTHING_LEFT

    async def _mark_next(self) -> bool:
        """False where there is none."""
        if self.ended_before is None or self.days is None:
            return False
        mailing_id = await queries.oldest_mailing(self.ended_before)
        if mailing_id is None:
            return False
        messages = await queries.mark_removed(mailing_id, self.ended_before)
        if messages:
            await queries.tell_of_removal(mailing_id, messages, self.days)
            await log_milestone("mailing.messages_removed", mailing_id, messages=messages, kept_days=self.days)
        return True

    async def _remove_from(self, mailing_id: int) -> None:
        piece = await queries.remove_piece(mailing_id, self._after_client_id, MESSAGES_A_STEP)
        self.messages += piece.messages
        self.attempts += piece.attempts
        if piece.last_client_id is not None:
            self._after_client_id = piece.last_client_id
            return
        # Nothing is left, or only what somebody had locked, and that is looked for anew.
        self.mailings += await queries.mark_emptied(mailing_id)
        self._mailing_id = None
