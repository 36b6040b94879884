"""To what a command connects: what the environment names, else what a running `mailing up` has."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mailing.cli.failure import CommandError
from mailing.embedded.runtime import Endpoints, read_endpoints

if TYPE_CHECKING:
    from mailing.settings import Settings

_URLS = ("database_url", "redis_url", "provider_url")


def settings_for(data_dir: Path) -> "Settings":
    """The settings of the environment; its missing URLs are those of the `mailing up` in `data_dir`.

    Raises SettingsError if one is wrong, CommandError if neither place has a database or a Redis.
    """
    endpoints = _endpoints(data_dir)
    from mailing.settings import load_settings

    settings = load_settings(**(_found(endpoints) if endpoints else {}))
    if not settings.database_url:
        raise CommandError(_missing("database", "MAILING_DATABASE_URL", data_dir))
    if not settings.redis_url:
        raise CommandError(_missing("Redis", "MAILING_REDIS_URL", data_dir))
    return settings


def export(settings: "Settings") -> None:
    """Let code that reads the environment by itself find the same places."""
    for name in _URLS:
        os.environ[_variable(name)] = str(getattr(settings, name))
    if settings.provider_token:
        os.environ[_variable("provider_token")] = settings.provider_token.get_secret_value()


def _endpoints(data_dir: Path) -> Endpoints | None:
    try:
        return read_endpoints(data_dir)
    except PermissionError as e:
        if _is_set("database_url"):
            return None
        raise CommandError(
            f"{data_dir} belongs to another user; run this as that user, or set MAILING_DATABASE_URL"
        ) from e


def _found(endpoints: Endpoints) -> dict[str, str | None]:
    found = {name: getattr(endpoints, name) for name in _URLS if not _is_set(name)}
    if "provider_url" in found and not has_provider_token():
        # A token belongs to its provider: it is taken only together with the address.
        found["provider_token"] = endpoints.provider_token
    return found


def has_provider_token() -> bool:
    return _is_set("provider_token") or _is_set("provider_token_file")


def _missing(what: str, variable: str, data_dir: Path) -> str:
    return f"No {what}: set {variable}, or start `mailing up` (none runs in {data_dir.absolute()}; see --data-dir)"


def _is_set(name: str) -> bool:
    return bool(os.environ.get(_variable(name)))


def _variable(name: str) -> str:
    return f"MAILING_{name.upper()}"
