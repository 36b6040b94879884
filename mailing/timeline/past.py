"""What values were, told from what they are and from the edits since: pure functions."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from mailing.delivery.window import LocalTimeWindow
from mailing.timeline.entries import TimelineEntry


def values_at(moment: datetime, now: Mapping[str, Any], entries: Iterable[TimelineEntry]) -> dict[str, Any]:
    """The values by column as they were at `moment`, as JSON has them.

    `now`: as they are after all of `entries`, of which those that change one of these columns are taken back, the
    latest first. An entry of that very moment has happened.
    """
    values = dict(now)
    for entry in sorted(entries, key=lambda entry: entry.place, reverse=True):
        if entry.at <= moment:
            break
        values |= {column: old for column, (old, _) in entry.changes.items() if column in values}
    return values


def window_in(values: Mapping[str, Any]) -> LocalTimeWindow | None:
    """The window in a mailing's values."""
    return LocalTimeWindow.between(_time(values["window_opens_at"]), _time(values["window_closes_at"]))


def _time(value: time | str | None) -> time | None:
    return time.fromisoformat(value) if isinstance(value, str) else value
