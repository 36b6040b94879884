"""What is worth telling of the channel, and how soon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailing.delivery.breaker import BreakerCause, BreakerState
from mailing.delivery.channel_health import ChannelStanding
from mailing.provider_health.news import seconds_between

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOLD = ChannelStanding(BreakerState.OPEN, BreakerCause.FAILURES, "a reason", NOW, NOW, 20, 10, NOW)


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({}, None),
        ({"now": NOW + timedelta(hours=1)}, None),
        ({"state": BreakerState.HALF_OPEN}, 0.1),
        ({"cause": BreakerCause.TOKEN_REFUSED}, 0.1),
        ({"reason": None}, 0.1),
        ({"since": NOW + timedelta(seconds=1)}, 0.1),
        ({"next_probe_at": None}, 0.1),
        ({"requests": 21}, 2),
        ({"failures": 11}, 2),
        ({"failures": 11, "reason": "another"}, 0.1),
    ],
)
def test_a_change_of_the_state_comes_soon_and_figures_alone_later(
    changes: dict[str, object], seconds: float | None
) -> None:
    newest = replace(TOLD, **changes)  # type: ignore[arg-type]  # names and types are those of the fields

    assert seconds_between(TOLD, newest) == seconds
