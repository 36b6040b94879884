"""All places of a command come from the environment, or all from a running `mailing up`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailing.cli.connection import export, named_endpoints, settings_for
from mailing.cli.failure import CommandError
from mailing.embedded.runtime import DataDirectory, Endpoints
from mailing.settings import Settings

DEFAULT_PROVIDER = Settings().provider_url


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "PROVIDER_URL", "PROVIDER_TOKEN", "PROVIDER_TOKEN_FILE"):
        monkeypatch.delenv(f"MAILING_{name}", raising=False)


@pytest.fixture
def running_up(tmp_path: Path) -> Iterator[Path]:
    with DataDirectory(tmp_path) as directory:
        directory.publish(Endpoints("postgres://up", "unix:///up", "http://up/v1", "of-the-fake", "http://api", 7))
        yield tmp_path


def _places(settings: Settings) -> tuple[str | None, str | None, str, str | None]:
    token = settings.provider_token
    return (
        settings.database_url,
        settings.redis_url,
        settings.provider_url,
        token.get_secret_value() if token else None,
    )


def test_without_any_database_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No database: set MAILING_DATABASE_URL, or start `mailing up`"):
        settings_for(tmp_path)


def test_a_running_up_is_found(running_up: Path) -> None:
    settings = settings_for(running_up, redis=True, provider=True)
    assert _places(settings) == ("postgres://up", "unix:///up", "http://up/v1", "of-the-fake")


def test_a_real_database_never_meets_the_fake_provider_of_a_running_up(
    running_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a production environment that leaves the provider at its default
    monkeypatch.setenv("MAILING_DATABASE_URL", "postgres://real")
    monkeypatch.setenv("MAILING_REDIS_URL", "redis://real")

    settings = settings_for(running_up, redis=True, provider=True)

    assert _places(settings) == ("postgres://real", "redis://real", DEFAULT_PROVIDER, None)


@pytest.mark.parametrize("variable", ["MAILING_PROVIDER_URL", "MAILING_REDIS_URL"])
def test_the_database_of_a_running_up_meets_no_other_provider_or_redis(
    running_up: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    scheme = "https" if "PROVIDER" in variable else "redis"
    monkeypatch.setenv(variable, f"{scheme}://real/0")
    with pytest.raises(CommandError, match=f"^{variable} names another place .* or unset {variable}$"):
        settings_for(running_up, redis=True, provider=True)


def test_the_environment_that_a_running_up_was_started_with_is_no_other_place(
    running_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILING_REDIS_URL", "unix:///up")
    monkeypatch.setenv("MAILING_PROVIDER_URL", "http://up/v1")
    monkeypatch.setenv("MAILING_PROVIDER_TOKEN", "mine")
    settings = settings_for(running_up, redis=True, provider=True)
    assert _places(settings) == ("postgres://up", "unix:///up", "http://up/v1", "mine")


def test_a_command_that_sends_nothing_does_not_care_about_the_provider(
    running_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILING_PROVIDER_URL", "https://real/v1")
    settings = settings_for(running_up, redis=True)
    assert _places(settings) == ("postgres://up", "unix:///up", "https://real/v1", None)


def test_redis_is_asked_for_only_where_it_is_needed(running_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILING_DATABASE_URL", "postgres://real")
    assert settings_for(running_up).redis_url is None
    with pytest.raises(CommandError, match="No Redis: set MAILING_REDIS_URL"):
        settings_for(running_up, redis=True)


def test_what_is_exported_is_what_is_there(running_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "PROVIDER_URL", "PROVIDER_TOKEN"):
        monkeypatch.setenv(f"MAILING_{name}", "")  # So that it is put back after the test.
    settings = settings_for(running_up, redis=True, provider=True)
    export(settings)
    assert Settings() == settings


def test_a_service_named_by_its_api_has_all_places_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, url in (("DATABASE", "postgres://real"), ("REDIS", "redis://real"), ("PROVIDER", "http://fake/v1")):
        monkeypatch.setenv(f"MAILING_{name}_URL", url)

    endpoints = named_endpoints("http://api:8000/")

    assert endpoints == Endpoints(
        "postgres://real", "redis://real", "http://fake/v1", None, "http://api:8000", os.getpid()
    )


def test_a_service_named_by_its_api_is_never_looked_for_at_the_real_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILING_DATABASE_URL", "postgres://real")
    with pytest.raises(CommandError, match=r"^--api-url: set MAILING_REDIS_URL and MAILING_PROVIDER_URL, too, as that"):
        named_endpoints("http://api:8000")
