"""The four mailings of a run, and their clients."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailing.db import orm
from mailing.delivery.window import LocalTimeWindow
from mailing.mailings.service import create_mailing
from mailing.mailings.validation import NewMailing
from mailing.settings import Settings
from tests.faults.plan import Plan

CLOSING_ZONE, OPEN_ZONE, OPENING_ZONE = "Asia/Vladivostok", "Europe/Moscow", "America/Noronha"
"""In the same minute the window closes in the first and, twelve hours behind, opens in the third."""

FIRST_PHONE = 79_000_000_000
_BEFORE_CLOSING = timedelta(seconds=2.5)
_AFTERMATH_SECONDS = 13
"""After the chaos, what waited for the provider or the window has so long until its mailing ends."""


class Name(StrEnum):
    """What a mailing is for."""

    GREAT = "great"
    """To everybody, with all the time in the world."""
    ENDING = "ending"
    """Its end comes in the middle of the chaos."""
    WINDOW = "window"
    """Its window closes for some and opens for others during the run."""
    STEERED = "steered"
    """Paused, resumed, perhaps cancelled."""


@dataclass(frozen=True, slots=True)
class Created:
    """A mailing of the run. `audience`: how many clients it is for."""

    id: int
    name: Name
    audience: int
    window: LocalTimeWindow | None = None
    turns_at: datetime | None = None
    """When the window closes for some and opens for others. Perhaps only after the mailing's end."""


def begin_at(plan: Plan, ready_at: datetime) -> datetime:
    """When the chaos begins: in a second, or when a minute turns within it."""
    earliest = ready_at + timedelta(seconds=1)
    if not plan.waits_for_minute:
        return earliest
    margin = timedelta(seconds=4)
    until_turn = _next_minute(earliest + margin) - earliest
    latest_turn = timedelta(seconds=plan.chaos_seconds) - margin
    return earliest + max(timedelta(0), until_turn - latest_turn)


async def create_mailings(settings: Settings, plan: Plan, begins_at: datetime) -> list[Created]:
    """Write clients and mailings to an empty database."""
    small = plan.size * 3 // 20
    # More than can be sent in its time, even if nothing failed: its end must cut it short.
    ending = plan.size * 5 // 20
    tags = {Name.ENDING: ending, Name.WINDOW: small, Name.STEERED: small}

    def at(seconds: float) -> datetime:
        return begins_at + timedelta(seconds=seconds)

    closing = _next_minute(at(4))
    window = LocalTimeWindow(_local(OPENING_ZONE, closing), _local(CLOSING_ZONE, closing))
    late, aftermath = at(plan.chaos_seconds + 600), at(plan.chaos_seconds + _AFTERMATH_SECONDS)
    ending_ends_at = at(plan.ending_starts_at + plan.ending_seconds)
    window_starts_at = min(closing - _BEFORE_CLOSING, at(plan.chaos_seconds / 3))
    async with orm.connected(settings):
        await _add_clients(plan.size, tags)
        return [
            await _create(Name.GREAT, plan.size, begins_at, late),
            await _create(Name.ENDING, ending, at(plan.ending_starts_at), ending_ends_at),
            replace(await _create(Name.WINDOW, small, window_starts_at, aftermath, window), turns_at=closing),
            await _create(Name.STEERED, small, at(plan.steered_pauses_at - 1.5), late),
        ]


async def _create(
    name: Name, audience: int, starts_at: datetime, ends_at: datetime, window: LocalTimeWindow | None = None
) -> Created:
    tags = () if name is Name.GREAT else (name.value,)
    mailing = await create_mailing(NewMailing(name.value, starts_at, ends_at, (), tags, window, None))
    return Created(mailing.id, name, audience, window)


async def _add_clients(count: int, tags: dict[Name, int]) -> None:
    """Zones and codes go round in circles; the first clients have the tags of the small mailings."""
    bounds = [0]
    for size in tags.values():
        bounds.append(bounds[-1] + size)
    await orm.fetch(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT $2::bigint + i, (900 + i % 10)::text,
               coalesce((SELECT tag FROM unnest($4::text[], $5::int[]) AS t (tag, upto) WHERE i <= upto
                         ORDER BY upto LIMIT 1), 'nobody'),
               ($3::text[])[1 + i % 3]
        FROM generate_series(1, $1::int) i
        """,
        count,
        FIRST_PHONE,
        [CLOSING_ZONE, OPEN_ZONE, OPENING_ZONE],
        [name.value for name in tags],
        bounds[1:],
    )


def _next_minute(after: datetime) -> datetime:
    return after.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _local(zone: str, at: datetime) -> time:
    return at.astimezone(ZoneInfo(zone)).time().replace(tzinfo=None)
