from pathlib import Path

import pytest

from mailing.health.disk import judged, look_at_disk
from mailing.health.environment import look_at_settings, told
from mailing.health.finding import Level, fine, problem, warning
from mailing.settings import SettingsError, load_settings


def test_settings_that_are_set_are_counted() -> None:
    found = look_at_settings(
        load_settings(pump_slots=2), {"MAILING_PUMP_SLOTS": "2", "MAILING_TOKEN": "a", "PATH": "/"}
    )
    assert found == [fine("settings", "All values are allowed (1 set, the rest defaults).")]


def test_a_name_that_is_no_setting_is_told_with_the_one_that_was_meant() -> None:
    found = look_at_settings(load_settings(), {"MAILING_PROVIDR_TOKEN": "hush", "MAILING_QQQ": "hush"})

    assert found == [
        warning(
            "settings",
            "MAILING_PROVIDR_TOKEN is no setting, and has no effect.",
            "Did you mean MAILING_PROVIDER_TOKEN?",
        ),
        warning(
            "settings",
            "MAILING_QQQ is no setting, and has no effect.",
            "Take it away; .env.example lists all that there are.",
        ),
    ]


def test_a_token_that_a_file_hides_is_told() -> None:
    (found,) = look_at_settings(load_settings(provider_token="hush", provider_token_file=Path("/run/token")), {})
    assert (found.level, found.what) == (
        Level.WARNING,
        "MAILING_PROVIDER_TOKEN has no effect, because MAILING_PROVIDER_TOKEN_FILE is set, too.",
    )


def test_each_wrong_value_is_a_problem_and_a_misspelt_name_is_told_with_them() -> None:
    advice = "Correct it where this process gets its environment; nothing starts with it."
    assert told(SettingsError(["A: must be b", "C: must be d"]), {"MAILING_SMPT_URL": "hush"}) == [
        problem("settings", "A: must be b.", advice),
        problem("settings", "C: must be d.", advice),
        warning("settings", "MAILING_SMPT_URL is no setting, and has no effect.", "Did you mean MAILING_SMTP_URL?"),
    ]


@pytest.mark.parametrize(
    ("free", "level"),
    [(499_999_999, Level.PROBLEM), (500_000_000, Level.WARNING), (5_000_000_000, Level.OK)],
)
def test_a_disk_must_have_room(free: int, level: Level, tmp_path: Path) -> None:
    assert judged(free, tmp_path).level is level


async def test_the_disk_is_looked_at_where_the_data_really_lie(tmp_path: Path) -> None:
    # Given
    nothing = await look_at_disk(tmp_path)
    (tmp_path / "postgres").mkdir()
    (here,) = await look_at_disk(tmp_path)

    # Then
    assert nothing == []
    assert here.what.endswith(f" are free at {tmp_path / 'postgres'}.")
