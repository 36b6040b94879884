"""The settings, and the file that lists them."""

import os
import re
import subprocess
import traceback
from pathlib import Path

import pytest
from dotenv import dotenv_values
from redis.asyncio import Redis

from mailing.delivery.engine import make_engine
from mailing.provider.protocol import Answer, Outgoing
from mailing.settings import PREFIX, Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_the_example_file_lists_every_setting_with_its_default_and_what_it_means() -> None:
    # When
    listed = re.findall(r"^# (.+)\n#(MAILING_\w+)=(?:'(?=.*'$))?(.*?)'?$", EXAMPLE.read_text(), re.MULTILINE)

    # Then
    assert listed == [
        (field.description, PREFIX + name.upper(), _shown(field.default))
        for name, field in Settings.model_fields.items()
    ]


def test_a_shell_and_docker_compose_read_the_lines_of_the_example_file_as_they_are_meant(tmp_path: Path) -> None:
    # Given a file in which every line counts
    file = tmp_path / ".env"
    file.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", EXAMPLE.read_text(), flags=re.MULTILINE))
    meant = {PREFIX + name.upper(): _shown(field.default) for name, field in Settings.model_fields.items()}

    # When a shell takes it in
    ran = subprocess.run(
        ["sh", "-ec", "set -a; . ./.env; set +a; env -0"], cwd=tmp_path, env={"PATH": os.defpath},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    read = dict(line.split("=", 1) for line in ran.stdout.split("\0") if line)

    # Then
    assert ran.stderr == ""
    assert {name: read[name] for name in meant} == meant
    # And so does a reader of such files, as Docker Compose is one.
    assert {name: value for name, value in dotenv_values(file).items() if name in meant} == meant


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
        "MAILING_LEASE_SECONDS: must be at least 20: twice MAILING_PROVIDER_TIMEOUT_SECONDS, and 2 s more than it"
        " (given: '3')",
        "MAILING_LOG_LEVEL: must be one of DEBUG, INFO, WARNING, ERROR, and behind it, with commas between them,"
        " area=LEVEL for areas that differ: api, auth, clients, mailings, delivery, messages, provider, queue,"
        " scheduler, report, libraries (given: 'LOUD')",
        "MAILING_PUMP_BATCH: Input should be greater than or equal to 1 (given: '0')",
    ]


DATABASE = "must look like postgres://user:password@host:5432/name, or postgres://user@/name?host=/folder/of/socket"
SSL = (
    "its sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full, "
    "as in …/name?sslmode=verify-full&sslrootcert=/path/to/ca.pem"
)
REDIS = "must look like redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/socket?db=0"
PROVIDER = "must be http(s)://host[:port][/path]"
PROXY = "must be http://[user:password@]host:port"
TOKEN = "must be one line of printable ASCII without spaces"


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("DATABASE_URL", "mysql://user:secret@host/name", DATABASE),
        ("DATABASE_URL", "secret", DATABASE),
        ("DATABASE_URL", "postgres://user:secret@/name", DATABASE),
        ("DATABASE_URL", "postgres://user:sec/ret@host:5432/name", DATABASE),
        ("DATABASE_URL", "postgres://user:secret@host:99999/name", DATABASE),
        ("DATABASE_URL", "postgres://user:secret@host/name\n", DATABASE),
        ("DATABASE_URL", "postgres://user:secret@host/name?ssl=true", SSL),
        ("DATABASE_URL", "postgres://user:secret@host/name?sslmode=", SSL),
        ("DATABASE_URL", "postgres://user:secret@host/name?sslmode=on", SSL),
        ("REDIS_URL", "secret", REDIS),
        ("REDIS_URL", "http://:secret@host:6379/0", REDIS),
        ("REDIS_URL", "redis://:secret@host:6379/first", REDIS),
        ("REDIS_URL", "redis://:secret@host:6379?db=first", REDIS),
        ("REDIS_URL", "redis://", REDIS),
        ("REDIS_URL", "unix://", REDIS),
        ("PROVIDER_URL", "ftp://user:secret@host/v1", PROVIDER),
        ("PROVIDER_URL", "https://user:secret@host/v1", PROVIDER),
        ("PROVIDER_URL", "https:///v1", PROVIDER),
        ("PROVIDER_URL", "https://host/v1?token=secret", PROVIDER),
        ("PROVIDER_PROXY", "secret", PROXY),
        ("PROVIDER_PROXY", "https://user:secret@proxy:3128", PROXY),
        ("PROVIDER_PROXY", "socks5://user:secret@proxy:1080", PROXY),
        ("PROVIDER_PROXY", "http://user:secret@proxy", PROXY),
        ("PROVIDER_PROXY", "http://user:secret@proxy:0", PROXY),
        ("PROVIDER_PROXY", "http://user:secret@proxy:3128/path", PROXY),
        ("PROVIDER_PROXY", "http://user:secret@proxy:3128?x=y", PROXY),
        ("PROVIDER_PROXY", "http://user:sec ret@proxy:3128", PROXY),
        ("PROVIDER_PROXY", "http://user:sécret@proxy:3128", PROXY),
        ("PROVIDER_TOKEN", "two secrets", TOKEN),
        ("PROVIDER_TOKEN", "secret\r\nX-Forged: 1", TOKEN),
        ("PROVIDER_TOKEN", " ", TOKEN),
    ],
)
def test_an_unusable_place_or_token_is_told_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(PREFIX + variable, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert caught.value.problems == [f"{PREFIX}{variable}: {allowed}"]
    # Not even where a traceback shows the cause.
    assert "secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "postgresql://user:p%40ss@db.example.com/name?sslmode=verify-full&sslrootcert=/etc/ca.pem"),
        ("DATABASE_URL", "postgres://user@/name?host=/run/postgresql"),
        ("REDIS_URL", "redis://host"),
        ("REDIS_URL", "rediss://user:pass@host:6380/3"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=2"),
        ("PROVIDER_URL", "http://[::1]:9000/v1"),
    ],
)
def test_places_of_every_kind_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + variable, value)
    assert getattr(load_settings(), variable.lower()) == value


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(PREFIX + name.upper(), "")
    assert (load_settings(), load_settings().model_fields_set) == (Settings(), set())


@pytest.mark.parametrize(("timeout", "least"), [(0.5, 2.5), (1, 3), (1.5, 3.5), (2, 4), (10, 20)])
def test_a_lease_leaves_a_second_in_which_requests_may_begin(timeout: float, least: float) -> None:
    settings = load_settings(provider_timeout_seconds=timeout, lease_seconds=least)
    assert make_engine(settings, NoProvider(), Redis()).pace.sending_seconds >= 1
    with pytest.raises(SettingsError, match=f"MAILING_LEASE_SECONDS: must be at least {least:g}: "):
        load_settings(provider_timeout_seconds=timeout, lease_seconds=least - 0.1)


def test_a_wrong_timeout_is_not_told_twice() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(provider_timeout_seconds=-1)
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["MAILING_PROVIDER_TIMEOUT_SECONDS"]


@pytest.mark.parametrize(
    "secret",
    [{"provider_token": "hush"}, {"provider_proxy": "http://user:hush@proxy:3128"}, {"auth_client_secret": "hush"}],
)
def test_a_secret_is_not_shown_by_accident(secret: dict[str, str]) -> None:
    browsers = {"public_url": "https://a.example", "auth_client_id": "a", "auth_audience": "a"}
    sign_in = {**browsers, "auth_issuer": "https://b.example"} if "auth_client_secret" in secret else {}

    assert "hush" not in repr(load_settings(**secret, **sign_in))


class NoProvider:
    """An engine wants one; nothing is sent here."""

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        raise AssertionError(message)

    async def close(self) -> None: ...


def _shown(default: object) -> str:
    if default is None:
        return ""
    return f"{default:g}" if isinstance(default, float) else str(default)
