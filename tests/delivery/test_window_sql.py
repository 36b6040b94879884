"""The SQL form of the window against the Python form, by a real PostgreSQL.

The two read zone data of their own: the server's and the `tzdata` package's, seldom of the same version. So each case
is judged twice. By the server's data, without exception: `window_is_open` must be what Python makes of the time of day
that the server itself shows. By the package's data: where both show the same time of day the answers must be the same,
and they may show different ones only in few cases, and for no zone in most of its cases (a wrong zone would: an
abbreviation taken for a name, a sign turned round).
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from mailing.delivery.window import LocalTimeWindow, is_open
from mailing.timezones import ZONE_NAMES, find_zone, is_known_zone

Sql = Callable[..., Awaitable[Sequence[Mapping[str, Any]]]]
Case = tuple[str, LocalTimeWindow, datetime]

CASES_PER_ZONE = 30

# Names that PostgreSQL reads as abbreviations, beside a zone that shows the same time.
ALSO_ABBREVIATIONS = {
    "CET": "Europe/Brussels",
    "EET": "Europe/Athens",
    "EST": "America/Panama",
    "HST": "Pacific/Honolulu",
    "MET": "Europe/Brussels",
    "MST": "America/Phoenix",
    "WET": "Europe/Lisbon",
}

OPEN = """
SELECT window_is_open(zone, opens_at, closes_at, at) AS open, (at AT TIME ZONE plain)::time AS local
FROM unnest($1::text[], $2::text[], $3::time[], $4::time[], $5::timestamptz[])
    WITH ORDINALITY AS c (zone, plain, opens_at, closes_at, at, n)
ORDER BY n
"""

OPEN_ALL_DAY = """
SELECT zone FROM unnest($1::text[]) AS zone
WHERE window_is_open(zone, '00:00', '12:00', now()) OR window_is_open(zone, '12:00', '00:00', now())
"""


def drawn_cases() -> list[Case]:
    """For every zone, windows and instants from 1972 to 2060."""
    random = Random(18)

    def clock() -> time:
        minute = random.choice((random.randrange(1440), random.randrange(240)))
        return time(minute // 60, minute % 60)

    def window() -> LocalTimeWindow:
        opens_at, closes_at = clock(), clock()
        return LocalTimeWindow(opens_at, closes_at) if opens_at != closes_at else window()

    def instant() -> datetime:
        return datetime(1972, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(88 * 365 * 86_400))

    return [(zone, window(), instant()) for zone in sorted(ZONE_NAMES) for _ in range(CASES_PER_ZONE)]


async def test_it_agrees_with_the_python_form_for_every_zone(sql: Sql) -> None:
    # Given
    cases = drawn_cases()
    zones, windows, instants = zip(*cases, strict=True)

    # When
    rows = await sql(
        OPEN,
        list(zones),
        [ALSO_ABBREVIATIONS.get(zone, zone) for zone in zones],
        [window.opens_at for window in windows],
        [window.closes_at for window in windows],
        list(instants),
    )

    # Then: by the server's zone data, all of them
    answers = list(zip(cases, rows, strict=True))
    assert [case for case, row in answers if row["open"] is not (row["local"] in case[1])] == []

    # Then: by the package's, all but those that have other data
    otherwise = Counter(case[0] for case, row in answers if row["local"] != local_time(case[0], case[2]))
    same = [(case, row) for case, row in answers if row["local"] == local_time(case[0], case[2])]
    assert [case for case, row in same if row["open"] is not is_open(case[1], case[0], case[2])] == []
    assert 0.3 < sum(row["open"] for _, row in same) / len(same) < 0.7
    print(f"{len(otherwise)} zones with other data in the server: {dict(otherwise)}")
    assert otherwise.total() < len(cases) * 0.02
    assert {zone: count for zone, count in otherwise.items() if count > CASES_PER_ZONE / 2} == {}


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Berlin", "2026-03-29T00:59:59", {"01:59"}),
        ("Europe/Berlin", "2026-03-29T01:00:00", {"03:00"}),
        ("Europe/Berlin", "2026-10-25T00:15:00", {"02:15"}),
        ("Europe/Berlin", "2026-10-25T01:15:00", {"02:15"}),
        ("Asia/Kathmandu", "2026-01-01T12:00:00", {"17:45"}),
        ("Etc/UTC", "2026-01-01T23:59:00", {"23:59"}),
        ("Etc/UTC", "2026-01-01T00:00:00", {"00:00"}),
        ("Africa/Monrovia", "1971-06-01T09:44:30", {"09:00"}),
        ("EST", "1900-01-01T12:00:00", {"06:40"}),
        ("HST", "1940-06-01T12:00:00", {"01:30"}),
        ("MST", "1943-06-01T12:00:00", {"06:00"}),
        ("CET", "2026-07-01T10:00:00", {"12:00"}),
        ("Etc/GMT+3", "2026-07-01T10:00:00", {"07:00"}),
    ],
)
async def test_it_is_open_in_exactly_one_minute_of_the_day(sql: Sql, zone: str, at: str, expected: set[str]) -> None:
    # When
    rows = await sql(
        """
        SELECT to_char(minute, 'HH24:MI') AS clock
        FROM generate_series('2026-01-01'::timestamp, '2026-01-01 23:59', '1 minute') AS minute
        WHERE window_is_open($1, minute::time, (minute + interval '1 minute')::time, $2)
        """,
        zone,
        datetime.fromisoformat(at).replace(tzinfo=UTC),
    )

    # Then
    assert {row["clock"] for row in rows} == expected


async def test_only_iana_names_letter_for_letter_are_open(sql: Sql) -> None:
    # Given: all that PostgreSQL takes for a zone, and what resembles one
    offered = await sql("SELECT name FROM pg_timezone_names UNION SELECT abbrev FROM pg_timezone_abbrevs")
    names = {row["name"] for row in offered} | set(ZONE_NAMES)
    spelled = {name.lower() for name in names} | {name.upper() for name in names} | {f" {name}" for name in names}
    posix = {f"{name}{offset}" for name in names for offset in ("3", "+3", "-3:30", "-3CEST")}
    odd = {"", " ", "FOO+3", "<+03>-3", ":UTC", "+03:00", "UTC+3", "Europe/", "../UTC", "localtime", "posix/UTC"}
    strings = sorted(names | spelled | posix | odd)

    # When
    rows = await sql(OPEN_ALL_DAY, strings)

    # Then: an unknown zone is closed both halves of the day, and raises nothing
    missing = {zone for zone in ZONE_NAMES if zone not in {row["name"] for row in offered}}
    print(f"zones that the server lacks: {sorted(missing)}")
    assert {row["zone"] for row in rows} == {zone for zone in strings if is_known_zone(zone)} - missing


async def test_it_lists_the_names_of_the_package(sql: Sql) -> None:
    # A newer package may know more: then a migration has to replace the function.
    (function,) = await sql("SELECT prosrc FROM pg_proc WHERE proname = 'window_is_open'")
    (listed,) = re.findall(r"\{([^}]*)\}", function["prosrc"])
    assert {name.strip() for name in listed.split(",")} == ZONE_NAMES


async def test_a_listed_name_that_the_server_lacks_is_closed(sql: Sql) -> None:
    # Given: the function with one more name, as against a server with older data; no assertion fails in
    await sql(
        r"""
        DO $do$ BEGIN
            EXECUTE regexp_replace(
                replace(pg_get_functiondef('window_is_open'::regproc), 'Africa/Abidjan', 'Africa/Atlantis'),
                '\S+\(', 'pg_temp.window_is_open_there('
            );
            ASSERT pg_temp.window_is_open_there('Africa/Accra', '00:00', '23:59', '2026-01-01T12:00Z');
            ASSERT NOT pg_temp.window_is_open_there('Africa/Atlantis', '00:00', '23:59', '2026-01-01T12:00Z');
            DROP FUNCTION pg_temp.window_is_open_there;
        END $do$
        """
    )


async def test_the_sessions_own_zone_and_abbreviations_change_nothing(sql: Sql) -> None:
    # Given: a session to which 'MST' is a Moscow time of 1918, and 'EST' one of Australia; no assertion fails in
    await sql(
        """
        DO $do$ BEGIN
            PERFORM set_config('TimeZone', 'Europe/Moscow', true);
            PERFORM set_config('timezone_abbreviations', 'Australia', true);
            ASSERT window_is_open('MST', '05:00', '05:01', '2026-07-01T12:00Z');
            ASSERT window_is_open('EST', '07:00', '07:01', '2026-07-01T12:00Z');
            ASSERT window_is_open('UTC', '12:00', '12:01', '2026-07-01T12:00Z');
        END $do$
        """
    )


async def test_no_window_is_always_open_and_no_zone_never(sql: Sql) -> None:
    rows = await sql(
        "SELECT window_is_open('Nowhere/Atall', NULL, NULL, now()) AS no_window,"
        "       window_is_open(NULL, NULL, NULL, now()) AS neither,"
        "       window_is_open(NULL, '00:00', '23:59', '2026-01-01T12:00Z') AS no_zone"
    )
    assert [dict(row) for row in rows] == [{"no_window": True, "neither": True, "no_zone": False}]


def local_time(zone: str, at: datetime) -> time:
    """The clock by the package's data."""
    return at.astimezone(find_zone(zone)).time()
