"""Which zones there are, and that the machine has no say in it."""

import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from mailing.timezones import ZONE_NAMES, find_zone, is_known_zone


def test_every_name_of_the_package_is_known_and_has_rules() -> None:
    # Given
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)

    # When
    loaded = {name: zone for name in ZONE_NAMES if (zone := find_zone(name))}

    # Then
    assert len(ZONE_NAMES) > 590
    assert {str(zone) for zone in loaded.values()} == ZONE_NAMES
    assert all(is_known_zone(name) for name in ZONE_NAMES)
    assert noon.astimezone(loaded["Asia/Kathmandu"]).strftime("%H:%M %Z") == "17:45 +0545"


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "europe/moscow", "EUROPE/MOSCOW", " Europe/Moscow", "Europe/Moscow\n", "Europe", "Europe/", "utc"),
        *("localtime", "posixrules", "posix/Europe/Moscow", "right/UTC", "zones", "tzdata.zi", "__init__.py"),
        *("../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "Europe/../UTC", "./UTC", "Europe//Moscow", "UTC\0"),
        *("MSK", "MSK-3", "UTC+3", "+03:00", "FOO+3", "Europe/Moscow+3", "<+03>-3", ":Europe/Moscow", "EST5"),
    ],
)
def test_anything_else_is_unknown(name: str) -> None:
    assert not is_known_zone(name)
    assert find_zone(name) is None


def test_a_zone_is_read_once() -> None:
    assert find_zone("Europe/Moscow") is find_zone("Europe/Moscow")


def test_the_operating_systems_zone_files_are_not_looked_at() -> None:
    # Given: the package alone, as the standard library sees it without any path of the system
    zoneinfo.reset_tzpath(())
    try:
        packaged = zoneinfo.available_timezones()
    finally:
        zoneinfo.reset_tzpath()

    # Then
    assert packaged == ZONE_NAMES


def test_a_path_in_the_environment_changes_nothing(tmp_path: Path) -> None:
    # Given: a folder of zones in which UTC has the rules of Kathmandu
    kathmandu = resources.files("tzdata").joinpath("zoneinfo", "Asia", "Kathmandu").read_bytes()
    tmp_path.joinpath("UTC").write_bytes(kathmandu)
    program = (
        "from datetime import datetime; from zoneinfo import ZoneInfo; from mailing.timezones import find_zone;"
        "print(datetime(2026, 1, 1, tzinfo=ZoneInfo('UTC')), datetime(2026, 1, 1, tzinfo=find_zone('UTC')))"
    )

    # When
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    # Then: it deceives the standard library only
    assert ran.stdout == "2026-01-01 00:00:00+05:45 2026-01-01 00:00:00+00:00\n"
