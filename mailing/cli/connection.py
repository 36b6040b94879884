"""To what a command connects: what the environment names, or else what a running `mailing up` has.

Never a mixture: a worker on the real database must not find the fake provider, and one on the sample clients of
`mailing up` must not find a real provider.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mailing.cli.failure import CommandError
from mailing.cli.log_files import COMMANDS, log_file
from mailing.embedded.runtime import Endpoints, read_endpoints

if TYPE_CHECKING:
    from mailing.settings import Settings

_URLS = ("database_url", "redis_url", "provider_url")


def settings_for(data_dir: Path, *, redis: bool = False, provider: bool = False, beside: bool = False) -> "Settings":
    """Settings for a command that needs the database, and what else it says: its `redis_url`, its `provider_url`.

    `beside`: where it works beside a `mailing up`, its log goes where the logs of that are.
    All are those of the environment if that names a database; else all are those of the `mailing up` in `data_dir`.
    Raises SettingsError if one is wrong; CommandError if a place that is needed is named nowhere, or if the environment
    names one beside a `mailing up` that uses another.
    """
    from mailing.settings import load_settings

    settings = load_settings()
    if settings.database_url is None:
        endpoints = _endpoints(data_dir)
        needed = ["database_url", *(["redis_url"] if redis else []), *(["provider_url"] if provider else [])]
        _check_same(settings, endpoints, needed)
        beside_it = {"log_file": log_file(data_dir, COMMANDS)} if beside and not settings.log_file else {}
        return load_settings(**_taken(settings, endpoints, needed), **beside_it)
    if redis and settings.redis_url is None:
        raise CommandError("No Redis: set MAILING_REDIS_URL, which goes with MAILING_DATABASE_URL")
    return settings


def named_endpoints(api_url: str) -> Endpoints:
    """Where the parts of the service at `api_url` are: all are those that the environment names.

    Raises SettingsError if one is wrong; CommandError if one is missing, for the defaults would lead elsewhere.
    """
    from mailing.settings import load_settings

    settings = load_settings()
    missing = [_variable(name) for name in _URLS if name not in settings.model_fields_set]
    if missing:
        raise CommandError(f"--api-url: set {' and '.join(missing)}, too, as that service has it")
    assert settings.database_url
    assert settings.redis_url
    return Endpoints(
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        provider_url=settings.provider_url,
        provider_token=None,
        api_url=api_url.rstrip("/"),
        pid=os.getpid(),
    )


def export(settings: "Settings") -> None:
    """Let code that reads the environment by itself find the same places."""
    for name in _URLS:
        if url := getattr(settings, name):
            os.environ[_variable(name)] = url
    if settings.provider_token:
        os.environ[_variable("provider_token")] = settings.provider_token.get_secret_value()


def has_provider_token(settings: "Settings") -> bool:
    return settings.provider_token is not None or settings.provider_token_file is not None


def _endpoints(data_dir: Path) -> Endpoints:
    try:
        endpoints = read_endpoints(data_dir)
    except PermissionError as e:
        raise CommandError(
            f"{data_dir} belongs to another user; run this as that user, or set MAILING_DATABASE_URL"
        ) from e
    if endpoints is None:
        raise CommandError(
            "No database: set MAILING_DATABASE_URL, "
            f"or start `mailing up` (none runs in {data_dir.absolute()}; see --data-dir)"
        )
    return endpoints


def _check_same(settings: "Settings", endpoints: Endpoints, needed: list[str]) -> None:
    for name in needed:
        if name in settings.model_fields_set and getattr(settings, name) != getattr(endpoints, name):
            raise CommandError(
                f"{_variable(name)} names another place than the running `mailing up` uses; "
                f"set MAILING_DATABASE_URL too, or unset {_variable(name)}"
            )


def _taken(settings: "Settings", endpoints: Endpoints, needed: list[str]) -> dict[str, str | None]:
    taken: dict[str, str | None] = {name: getattr(endpoints, name) for name in needed}
    if "provider_url" in taken and not has_provider_token(settings):
        taken["provider_token"] = endpoints.provider_token
    return taken


def _variable(name: str) -> str:
    return f"MAILING_{name.upper()}"
