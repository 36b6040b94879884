"""The answer in a sentence or two: what somebody on the telephone reads out."""

from collections.abc import Callable
from typing import Final

from mailing.explanation.explanation import Cause, FilterMatch, Judgement, Outcome
from mailing.explanation.facts import Facts
from mailing.explanation.matching import match_now, match_then
from mailing.timeline.entries import EntryKind
from mailing.timeline.wording import answer_in, by_whom, local_moment, moment, why_held
from mailing.wording import days

_MAY_HAVE_IT: Final = " A try got no answer, so the client may have it already."


def explain(facts: Facts, judgement: Judgement) -> str:
    """The judgement in words."""
    return _SENTENCES[judgement.cause](facts, judgement) + _doubt(facts, judgement)


def _doubt(facts: Facts, judgement: Judgement) -> str:
    is_open = judgement.outcome in (Outcome.WILL_BE_SENT, Outcome.WILL_NOT_BE_SENT, Outcome.BEING_SENT)
    return _MAY_HAVE_IT if is_open and facts.message is not None and facts.message.is_uncertain else ""


Say = Callable[[Facts, Judgement], str]


def _always(text: str) -> Say:
    return lambda _facts, _judgement: text


def _waits(why: str) -> Say:
    def say(facts: Facts, judgement: Judgement) -> str:
        return f"Not sent yet: {why}.{_earliest(facts, judgement)}"

    return say


def _earliest(facts: Facts, judgement: Judgement) -> str:
    """In the client's own time, for it is the client who asks."""
    if judgement.earliest_at is None or judgement.earliest_at <= facts.now:
        return ""
    return f" At the earliest {local_moment(judgement.earliest_at, zone_of(facts))}."


def zone_of(facts: Facts) -> str:
    """The zone that counts: the message's, or else the client's; empty if neither is there."""
    if facts.message is not None:
        return facts.message.timezone
    return facts.client.timezone if facts.client is not None else ""


def _accepted(facts: Facts, judgement: Judgement) -> str:
    tries = len(facts.message.attempts) if facts.message else 0
    with_tries = f" with request {tries}" if tries > 1 else ""
    return f"Sent: the provider accepted it{with_tries}{_at(facts, judgement)}."


def _at(facts: Facts, judgement: Judgement) -> str:
    if judgement.at is None:
        return ""
    zone = zone_of(facts)
    return f" on {local_moment(judgement.at, zone) if zone else moment(judgement.at)}"


def _unconfirmed(facts: Facts, judgement: Judgement) -> str:
    return f"Perhaps sent: a try got no answer ({_reason(facts)}), and it is not tried again."


def _failed(text: str) -> Say:
    return lambda facts, _: f"Not sent: {text} ({_reason(facts)})."


def _reason(facts: Facts) -> str:
    return (facts.message.reason if facts.message else None) or "unknown"


def _ended(facts: Facts, judgement: Judgement) -> str:
    mailing, message = facts.mailing, facts.message
    assert mailing is not None, "of a deleted mailing its deletion is told"
    end = moment(mailing.ends_at)
    if mailing.ends_at > facts.now and judgement.outcome is Outcome.WILL_NOT_BE_SENT:
        return (
            f"It will not be sent, as things stand: what it waits for is not over before the mailing's end on {end}. "
            "A later end would change that."
        )
    if message is None:
        return f"Not sent: the mailing's end came on {end} before it had chosen its clients."
    if judgement.at is not None and judgement.at < mailing.ends_at:
        return f"Not sent: no further try fitted in before the mailing's end. {_what_was_tried(facts)}"
    return f"Not sent: the mailing's end came on {end} first. {_what_was_tried(facts)}"


def _what_was_tried(facts: Facts) -> str:
    attempts = facts.message.attempts if facts.message else ()
    if not attempts:
        return "It was never tried: see the timeline for what it waited for."
    last = answer_in(attempts[-1]) or "no answer"
    return (
        f"The last of {len(attempts)} requests to the provider got {last}."
        if len(attempts) > 1
        else (f"The one request to the provider got {last}.")
    )


def _deleted(facts: Facts, judgement: Judgement) -> str:
    deleted = facts.last_of_mailing(EntryKind.MAILING_DELETED)
    when = f" on {moment(judgement.at)}" if judgement.at else ""
    by = by_whom(deleted) if deleted else ""
    if judgement.outcome is Outcome.NOT_SENT:
        return f"Not sent: the mailing was deleted{by}{when}, before it started."
    return f"Not known any more: the mailing was deleted{by}{when}, and with it what had been sent."


def _messages_removed(facts: Facts, judgement: Judgement) -> str:
    removed = facts.last_of_mailing(EntryKind.MAILING_MESSAGES_REMOVED)
    when = f" on {moment(judgement.at)}" if judgement.at else ""
    why = f", for they are kept for {days(removed.days)} after a mailing's end" if removed and removed.days else ""
    return f"Not known any more: the mailing's messages were removed{when}{why}. Its statistics are still there."


def _cancelled(facts: Facts, judgement: Judgement) -> str:
    return f"Not sent: the mailing was cancelled{_at(facts, judgement)}."


def _client_deleted(facts: Facts, judgement: Judgement) -> str:
    when = f" on {moment(judgement.at)}" if judgement.at else ""
    return f"Not sent: the client was deleted{when}."


def _added_later(facts: Facts, judgement: Judgement) -> str:
    chosen = f" on {moment(judgement.at)}" if judgement.at else ""
    return f"Not sent: the client was added after the mailing had chosen its clients{chosen}."


def _filter(facts: Facts, judgement: Judgement) -> str:
    then, now = match_then(facts), match_now(facts)
    if then is not None:
        again = " Now the client matches, but the choice was made then." if now is not None and now.matches else ""
        return f"Not sent: when the mailing chose its clients, {_mismatch(then, 'was')}.{again}"
    return f"It will not be sent, as things stand: {_mismatch(now, 'is')}." if now else "It will not be sent."


def _mismatch(match: FilterMatch, was: str) -> str:
    wrong = []
    if match.operator_codes and match.operator_code not in match.operator_codes:
        wrong.append(
            f"it {was} for the operators {_listed(match.operator_codes)}, the client's {was} {match.operator_code}"
        )
    if match.tags and match.tag not in match.tags:
        wrong.append(f'it {was} for the tags {_listed(match.tags)}, the client\'s {was} "{match.tag}"')
    return "; ".join(wrong)


def _listed(values: list[str]) -> str:
    return ", ".join(values[:5]) + (f" and {len(values) - 5} more" if len(values) > 5 else "")


def _no_window(facts: Facts, judgement: Judgement) -> str:
    end = f" on {local_moment(facts.mailing.ends_at, zone_of(facts))}" if facts.mailing else ""
    return (
        "It will not be sent, as things stand: the client's window does not open again before the mailing's end"
        f"{end}. A later end or another window would change that."
    )


def _held(facts: Facts, judgement: Judgement) -> str:
    channel = facts.channel
    return (
        f"Not sent yet: nothing goes out to the provider since {moment(channel.since)}, for "
        f"{why_held(channel.cause, channel.reason)}.{_earliest(facts, judgement)}"
    )


_SENTENCES: Final[dict[Cause, Say]] = {
    Cause.ACCEPTED: _accepted,
    Cause.UNCONFIRMED: _unconfirmed,
    Cause.REFUSED: _failed("the provider refused it for good"),
    Cause.TRIES_USED_UP: _failed("the provider did not take it in any try"),
    Cause.MAILING_ENDED: _ended,
    Cause.MAILING_CANCELLED: _cancelled,
    Cause.MAILING_DELETED: _deleted,
    Cause.MESSAGES_REMOVED: _messages_removed,
    Cause.CLIENT_DELETED: _client_deleted,
    Cause.CLIENT_ADDED_LATER: _added_later,
    Cause.FILTER: _filter,
    Cause.FILTER_CHANGED: _always("Not sent: the mailing's filter was changed, and leaves the client out."),
    Cause.NOT_CHOSEN: _always(
        "Not sent: the mailing had not chosen the client. By what is recorded it might have: something changed while "
        "it was choosing, or the record does not reach back that far."
    ),
    Cause.NO_OPEN_WINDOW: _no_window,
    Cause.NOT_STARTED: _waits("the mailing has not started"),
    Cause.BEING_CHOSEN: _waits("the mailing is choosing its clients"),
    Cause.PAUSED: _waits("the mailing is paused, until somebody resumes it"),
    Cause.CHANNEL_HELD: _held,
    Cause.RETRY: _waits("the last try failed, and it is tried again"),
    Cause.WINDOW_CLOSED: _waits("the client's window is closed"),
    Cause.IN_LINE: _waits("it is its turn as soon as those before it are sent"),
    Cause.IN_FLIGHT: _always("It is being sent at this moment."),
}
