"""Explains whether and why one client was, was not, or will be sent one mailing."""

from mailing.delivery.window import is_open, next_closing, next_opening
from mailing.explanation import queries
from mailing.explanation.explanation import Explanation, WindowVerdict
from mailing.explanation.facts import Facts
from mailing.explanation.judging import judge
from mailing.explanation.matching import match_now, match_then
from mailing.explanation.wording import explain, zone_of
from mailing.timezones import find_zone


async def explain_delivery(client_id: int, mailing_id: int) -> Explanation | None:
    """The whole answer; None if there never was such a client, or such a mailing."""
    facts = await queries.read(client_id, mailing_id)
    return None if facts is None else explanation_of(facts)


def explanation_of(facts: Facts) -> Explanation:
    """What the facts come to."""
    judgement = judge(facts)
    attempts = facts.message.attempts if facts.message else ()
    return Explanation(
        now=facts.now,
        judgement=judgement,
        text=explain(facts, judgement),
        message_id=facts.message.id if facts.message else None,
        filter_then=match_then(facts),
        filter_now=match_now(facts),
        window=_window(facts),
        tries=len(attempts),
        next_try_at=facts.message.next_try_at(facts.now) if facts.message else None,
        channel=facts.channel,
    )


def _window(facts: Facts) -> WindowVerdict | None:
    zone = zone_of(facts)
    if facts.mailing is None or not zone:
        return None
    window, rules, now = facts.mailing.window, find_zone(zone), facts.now
    return WindowVerdict(
        window=window,
        timezone=zone,
        local_time=None if rules is None else now.astimezone(rules).time(),
        is_open=is_open(window, zone, now),
        opens_at=next_opening(window, zone, now),
        closes_at=next_closing(window, zone, now),
    )
