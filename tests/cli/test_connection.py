from collections.abc import Iterator
from pathlib import Path

import pytest

from mailing.cli.connection import settings_for
from mailing.cli.failure import CommandError
from mailing.embedded.runtime import DataDirectory, Endpoints


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "PROVIDER_URL", "PROVIDER_TOKEN", "PROVIDER_TOKEN_FILE"):
        monkeypatch.delenv(f"MAILING_{name}", raising=False)


@pytest.fixture
def running_up(tmp_path: Path) -> Iterator[Path]:
    with DataDirectory(tmp_path) as directory:
        directory.publish(Endpoints("postgres://up", "unix:///up", "http://up/v1", "of-the-fake", "http://api", 7))
        yield tmp_path


def test_without_any_database_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No database: set MAILING_DATABASE_URL, or start `mailing up`"):
        settings_for(tmp_path)


def test_a_running_up_is_found(running_up: Path) -> None:
    settings = settings_for(running_up)
    assert (settings.database_url, settings.redis_url, settings.provider_url) == (
        "postgres://up",
        "unix:///up",
        "http://up/v1",
    )
    assert settings.provider_token is not None
    assert settings.provider_token.get_secret_value() == "of-the-fake"


def test_the_environment_wins_and_a_real_provider_never_gets_the_fakes_token(
    running_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILING_DATABASE_URL", "postgres://mine")
    monkeypatch.setenv("MAILING_PROVIDER_URL", "https://real/v1")
    settings = settings_for(running_up)
    assert (settings.database_url, settings.redis_url, settings.provider_url, settings.provider_token) == (
        "postgres://mine",
        "unix:///up",
        "https://real/v1",
        None,
    )


def test_a_database_without_redis_is_an_error_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILING_DATABASE_URL", "postgres://mine")
    with pytest.raises(CommandError, match="No Redis: set MAILING_REDIS_URL"):
        settings_for(tmp_path)
