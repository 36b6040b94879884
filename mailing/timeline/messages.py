"""The timelines of messages, put together from their rows, their tries, and what happened around them meanwhile."""

from collections.abc import Collection, Sequence

from mailing.messages.queries import attempts_of
from mailing.messages.records import Attempt
from mailing.paging import Page, Slice
from mailing.timeline import steps
from mailing.timeline.entries import Place, TimelineEntry
from mailing.timeline.event_queries import Span, events_of
from mailing.timeline.message_queries import MessageFacts, read_facts
from mailing.timeline.waiting import Life, closings


async def timelines_of_messages(ids: Collection[int]) -> dict[int, list[TimelineEntry]]:
    """Each message's whole timeline, by its id; those that do not exist have none.

    Besides its own steps: what happened to its mailing from the start on, to its client and to the way to the provider,
    until it ended. Bounded by the bounds of attempts and events: of very many, the latest.
    """
    facts = await read_facts(ids)
    if not facts:
        return {}
    events = await events_of(
        {
            id: Span(one.mailing_id, one.client_id, one.started_at, one.created_at, one.ended_at or one.now)
            for id, one in facts.items()
        }
    )
    attempts = await attempts_of(facts)
    return {id: _timeline(one, attempts[id], events[id]) for id, one in facts.items()}


def cut(timeline: Sequence[TimelineEntry], part: Slice[Place]) -> Page[TimelineEntry]:
    """A part of a timeline that is there as a whole."""
    inside = [
        entry
        for entry in timeline
        if (part.after is None or entry.place > part.after) and (part.before is None or entry.place < part.before)
    ]
    if part.from_end:
        inside.reverse()
    return Page.cut(inside[: part.limit + 1], part)


def _timeline(facts: MessageFacts, attempts: list[Attempt], events: list[TimelineEntry]) -> list[TimelineEntry]:
    message = steps.MessageIds(facts.mailing_id, facts.client_id, facts.id)
    life = Life(facts.created_at, facts.ended_at, facts.now, facts.window, facts.timezone, attempts, events)
    entries = [event for event in events if event.at <= life.over_at]
    entries.append(steps.created(facts.created_at, message))
    entries += [steps.tried(attempt, message) for attempt in attempts]
    entries += [steps.window_closed(closing, message) for closing in closings(life)]
    if facts.ended_at is not None:
        entries.append(steps.ended(facts.ended_at, facts.status, facts.reason, message))
    return sorted(entries, key=lambda entry: entry.place)
