"""Filter and client beside each other, now and when the mailing chose its clients: pure functions of the facts."""

from datetime import datetime

from mailing.explanation.explanation import FilterMatch
from mailing.explanation.facts import Facts
from mailing.timeline.entries import EntryKind
from mailing.timeline.past import values_at


def match_now(facts: Facts) -> FilterMatch | None:
    """As they are; None if one of them is deleted."""
    if facts.mailing is None or facts.client is None:
        return None
    mailing, client = facts.mailing, facts.client
    return FilterMatch(facts.now, mailing.operator_codes, mailing.tags, client.operator_code, client.tag)


def match_then(facts: Facts) -> FilterMatch | None:
    """As they were when the mailing chose this client, or else when its audience was complete.

    None if it has not chosen yet, or if it or the client was not there then.
    """
    if facts.mailing is None:
        return None
    if facts.message is not None:
        message = facts.message
        return FilterMatch(
            message.created_at, *_filter_at(facts, message.created_at), message.operator_code, message.tag
        )
    moment = facts.selected_at
    client = None if moment is None else _client_at(facts, moment)
    if moment is None or client is None:
        return None
    return FilterMatch(moment, *_filter_at(facts, moment), *client)


def _filter_at(facts: Facts, moment: datetime) -> tuple[list[str], list[str]]:
    assert facts.mailing is not None, "asked only of a mailing that is there"
    now = {"operator_codes": facts.mailing.operator_codes, "tags": facts.mailing.tags}
    then = values_at(moment, now, facts.mailing_events)
    return then["operator_codes"], then["tags"]


def _client_at(facts: Facts, moment: datetime) -> tuple[str, str] | None:
    """Operator code and tag; None if the client was not there, or it is not known any more."""
    if was_added_after(facts, moment) or (facts.client_deleted_at is not None and facts.client_deleted_at <= moment):
        return None
    now: dict[str, str | None] = {"operator_code": None, "tag": None}
    if facts.client is not None:
        now = {"operator_code": facts.client.operator_code, "tag": facts.client.tag}
    # The deletion of a client tells the last values as old ones, so this reaches back through it.
    then = values_at(moment, now, facts.client_events)
    return None if then["tag"] is None else (then["operator_code"], then["tag"])


def was_added_after(facts: Facts, moment: datetime) -> bool:
    """Whether the client was added later than that."""
    created = [event.at for event in facts.client_events if event.kind is EntryKind.CLIENT_CREATED]
    if created:
        return created[0] > moment
    return facts.client is not None and facts.client.created_at > moment
