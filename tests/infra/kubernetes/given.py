"""The settings of a container, as the program would read them there."""

import pytest

from mailing.settings import PREFIX, Settings
from tests.infra.kubernetes.rendered import Object, environment

OF_OTHERS = {"FORWARDED_ALLOW_IPS": "*"}  # uvicorn's
IN_SECRETS = {
    "MAILING_DATABASE_URL": "postgres://mailing:secret@db.example.com:5432/mailing",
    "MAILING_DATABASE_PREPARED_STATEMENTS": "false",
    "MAILING_REDIS_URL": "rediss://:secret@redis.example.com:6379/0",
    "MAILING_SMTP_URL": "smtp://mailing:secret@mail.example.com",
    "MAILING_AUTH_CLIENT_SECRET": "secret",
}


def settings_of(overlay: str, container: Object, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As the program would read them there. What is a secret has some value."""
    for name, value in environment(overlay, container).items():
        assert name in OF_OTHERS or name.removeprefix(PREFIX).lower() in Settings.model_fields, name
        monkeypatch.setenv(name, IN_SECRETS[name] if value.startswith("<") else value)
    return Settings()
