"""The settings, and the file that lists them."""

import re
from pathlib import Path

import pytest

from mailing.settings import PREFIX, Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_the_example_file_lists_every_setting_with_its_default_and_what_it_means() -> None:
    # When
    listed = re.findall(r"^# (.+)\n#(\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)

    # Then
    assert listed == [
        (field.description, PREFIX + name.upper(), _shown(field.default))
        for name, field in Settings.model_fields.items()
    ]


def test_every_wrong_value_is_named_with_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setenv("MAILING_PUMP_BATCH", "0")
    monkeypatch.setenv("MAILING_LEASE_SECONDS", "3")
    monkeypatch.setenv("MAILING_LOG_LEVEL", "LOUD")

    # When
    with pytest.raises(SettingsError) as caught:
        load_settings()

    # Then
    assert sorted(caught.value.problems) == [
        "MAILING_LEASE_SECONDS: must be at least twice MAILING_PROVIDER_TIMEOUT_SECONDS, so at least 20 (given: '3')",
        "MAILING_LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR' (given: 'LOUD')",
        "MAILING_PUMP_BATCH: Input should be greater than or equal to 1 (given: '0')",
    ]


def test_a_token_is_not_shown_by_accident() -> None:
    assert "secret" not in repr(load_settings(provider_token="secret"))


def _shown(default: object) -> str:
    if default is None:
        return ""
    return f"{default:g}" if isinstance(default, float) else str(default)
