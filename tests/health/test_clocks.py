from datetime import UTC, datetime, timedelta

import pytest

from mailing.health.amounts import size, span
from mailing.health.clocks import compared
from mailing.health.finding import Level

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "way", "level", "what"),
    [
        (0, 0, Level.OK, "It shows the same time as this machine's."),
        (-1, 0, Level.OK, "It shows the same time as this machine's."),
        (5, 5, Level.OK, "It shows the same time as this machine's."),
        (5, 3, Level.WARNING, "It is 2.0 s ahead of this machine's."),
        (-1.5, 10, Level.WARNING, "It is 1.5 s behind this machine's."),
        (30, 0, Level.WARNING, "It is 30.0 s ahead of this machine's."),
        (-31, 0, Level.PROBLEM, "It is 31.0 s behind this machine's."),
        (7_200, 0, Level.PROBLEM, "It is 2 hours ahead of this machine's."),
    ],
)
def test_only_what_the_way_cannot_explain_is_a_difference(shown: float, way: float, level: Level, what: str) -> None:
    """A question asked at noon, answered after `way` seconds, with a clock that shows `shown` seconds after noon."""
    found = compared("the other", NOON + timedelta(seconds=shown), NOON, NOON + timedelta(seconds=way))

    assert (found.subject, found.level, found.what) == ("clock of the other", level, what)
    assert (found.advice is None) == (level is Level.OK)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 KB"), (9_949_999, "9.9 MB"), (74e9, "74 GB"), (2e15, "2.0 PB")],
)
def test_sizes_have_the_unit_that_fits(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-0.25, "0.2 s"), (119, "119.0 s"), (120, "2 minutes"), (7_200, "2 hours"), (172_800, "2 days")],
)
def test_lengths_of_time_have_the_unit_that_fits(seconds: float, words: str) -> None:
    assert span(timedelta(seconds=seconds)) == words
