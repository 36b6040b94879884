"""Windows that are open or closed right now, for some hours to come, wherever the hands of the clock are."""

from datetime import UTC, datetime

from mailing.timezones import find_zone

Window = dict[str, str]


def local_hour(zone: str) -> int:
    """The hour that the clocks of the zone show now."""
    rules = find_zone(zone)
    assert rules
    return datetime.now(rules).hour


def zone_where_it_is(hour: int) -> str:
    """A zone, without daylight saving time, whose clocks show this hour now."""
    offset = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    # In these names the sign is the other way round: Etc/GMT-3 is three hours ahead of Greenwich.
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def open_in(hour: int) -> Window:
    """From the hour before this one to the end of the hour after it."""
    return {"opensAt": _at(hour - 1), "closesAt": _at(hour + 2)}


def closed_in(hour: int) -> Window:
    """The other half of the day."""
    return {"opensAt": _at(hour + 6), "closesAt": _at(hour + 18)}


def _at(hour: int) -> str:
    return f"{hour % 24:02d}:00"
