"""What of the channel's standing is worth telling, and how soon."""

from mailing.delivery.channel_health import ChannelStanding

CHANGE_SECONDS = 0.1
"""Between what a subscriber was told last and a change of the state."""
FIGURES_SECONDS = 2.0
"""The same where only the figures have changed: at work they do so all the time."""


def seconds_between(told: ChannelStanding, newest: ChannelStanding) -> float | None:
    """How long after the one a subscriber is told the other; None: it says nothing new."""
    if _state(told) != _state(newest):
        return CHANGE_SECONDS
    if (told.requests, told.failures) != (newest.requests, newest.failures):
        return FIGURES_SECONDS
    return None


def _state(standing: ChannelStanding) -> tuple[object, ...]:
    return standing.state, standing.cause, standing.reason, standing.since, standing.next_probe_at
