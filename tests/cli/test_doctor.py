"""`mailing doctor` as a person runs it."""

import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from mailing.cli import findings
from mailing.embedded.runtime import DataDirectory, Endpoints
from mailing.health.finding import Finding, fine, problem, warning
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings
from tests.conftest import Sql
from tests.running import Ran, run

Doctor = Callable[..., Awaitable[Ran]]


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    """Runs it with arguments, and settings by their names; nothing else of the environment is a setting."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")}

    async def examine(*arguments: str, python_path: str = "", **settings: str) -> Ran:
        env = outside | {f"MAILING_{name.upper()}": value for name, value in settings.items()}
        env |= {"PYTHONPATH": python_path}
        return await run(sys.executable, "-m", "mailing", "doctor", *arguments, folder=tmp_path, env=env, seconds=30)

    return examine


def _places(settings: Settings) -> dict[str, str]:
    assert settings.database_url
    assert settings.redis_url
    return {"database_url": settings.database_url, "redis_url": settings.redis_url}


def _levels(ran: Ran) -> dict[str, str]:
    return {one["subject"]: one["level"] for one in json.loads(ran.output)["findings"]}


async def test_a_service_that_is_well_has_no_problem(doctor: Doctor, settings: Settings, sql: Sql) -> None:
    # Given
    async with FakeProvider(Scenario(required_token="sesame")) as fake:
        # When
        ran = await doctor("--json", **_places(settings), provider_url=fake.url, provider_token="sesame")
        requests, accepted = fake.ledger.requests, fake.ledger.accepted

    # Then
    levels = _levels(ran)
    assert levels.pop("time zones of the database") in ("ok", "warning")  # The two are seldom of the same release.
    assert levels == dict.fromkeys(
        [
            "settings",
            "database",
            "migrations",
            "clock of the database",
            "connections",
            "scheduler",
            "workers",
            "sending",
            "retention",
            "redis",
            "clock of Redis",
            "provider",
            "provider's token",
            "mail server",
            "time zones",
        ],
        "ok",
    )
    assert (ran.status, requests, accepted) == (0, 1, 0)
    assert "sesame" not in ran.output + ran.errors


async def test_where_all_is_down_each_part_is_told_and_no_secret(doctor: Doctor) -> None:
    ran = await doctor(
        database_url="postgres://user:sesame@127.0.0.1:9/name",
        redis_url="redis://:sesame@127.0.0.1:9/0",
        provider_url="http://127.0.0.1:9/v1",
        provider_token="sesame",
        provider_proxy="http://user:sesame@127.0.0.1:9",
        report_to="a@example.com",
        report_from="b@example.com",
        smtp_url="smtp://user:sesame@127.0.0.1:9",
    )

    assert ran.status == 1
    problems = [line.removeprefix("problem ") for line in ran.output.splitlines() if line.startswith("problem ")]
    assert problems == [
        "database: PostgreSQL at 127.0.0.1:9/name does not answer: connection refused.",
        "redis: Redis at 127.0.0.1:9/0 does not answer: connection refused.",
        "provider: http://127.0.0.1:9/v1 does not answer: connection refused.",
        "mail server: 127.0.0.1:9 cannot be used: connection refused.",
    ]
    assert ran.output.endswith("4 problems, no warnings.\n")
    assert "sesame" not in ran.output + ran.errors


async def test_a_database_that_is_not_there_is_told_with_what_to_do(
    doctor: Doctor, settings: Settings, database: None
) -> None:
    places = _places(settings)
    url = places["database_url"]
    name = url.split("?")[0].rsplit("/", 1)[1]

    ran = await doctor(
        **places | {"database_url": url.replace(f"/{name}?", "/nothing?")}, provider_url="http://127.0.0.1:9"
    )

    lines = ran.output.splitlines()
    (at,) = [i for i, line in enumerate(lines) if line.startswith("problem database: ")]
    assert lines[at].endswith('does not answer: database "nothing" does not exist.')
    assert lines[at + 1] == "        Create that database, or correct its name in MAILING_DATABASE_URL."
    assert not any("migrations" in line for line in lines), "one problem is told once"


async def test_a_name_service_that_hangs_is_not_waited_for(doctor: Doctor, tmp_path: Path) -> None:
    # Given one that answers after a minute, which is longer than this test waits
    (tmp_path / "sitecustomize.py").write_text(
        "import socket, time\nsocket.getaddrinfo = lambda *_, **__: time.sleep(60)\n"
    )

    # When
    ran = await doctor(
        database_url="postgres://user@db.example.com/name",
        provider_url="http://sms.example.com/v1",
        report_to="a@example.com",
        report_from="b@example.com",
        smtp_url="smtp://mail.example.com",
        python_path=str(tmp_path),
    )

    # Then
    problems = [line.split(":")[0] for line in ran.output.splitlines() if line.startswith("problem ")]
    assert (ran.status, problems) == (
        1,
        [f"problem {one}" for one in ("settings", "database", "provider", "mail server")],
    )


async def test_wrong_settings_are_told_alone(doctor: Doctor) -> None:
    ran = await doctor("--json", pump_slots="0", database_url="mysql://user:sesame@host/name")

    told = json.loads(ran.output)
    assert (ran.status, told["status"]) == (1, "problem")
    assert [(one["subject"], one["what"].split(":")[0]) for one in told["findings"]] == [
        ("settings", "MAILING_DATABASE_URL"),
        ("settings", "MAILING_PUMP_SLOTS"),
    ]
    assert "sesame" not in ran.output + ran.errors


async def test_with_no_database_anywhere_the_rest_is_looked_at(doctor: Doctor) -> None:
    ran = await doctor(provider_url="http://127.0.0.1:9/v1")

    first, *_ = ran.output.splitlines()
    assert first.startswith("problem settings: No database: set MAILING_DATABASE_URL, or start `mailing up`")
    assert "provider: http://127.0.0.1:9/v1 does not answer" in ran.output
    assert ran.status == 1


async def test_a_running_up_is_found_with_its_disk(
    doctor: Doctor, settings: Settings, sql: Sql, tmp_path: Path
) -> None:
    # Given what `mailing up` leaves in its data directory while it runs
    (tmp_path / ".data" / "postgres").mkdir(parents=True)
    async with FakeProvider() as fake:
        with DataDirectory(tmp_path / ".data") as directory:
            places = _places(settings)
            directory.publish(
                Endpoints(**places, provider_url=fake.url, provider_token="any", api_url="http://a", pid=7)
            )

            # When
            ran = await doctor("--json")

    # Then
    levels = _levels(ran)
    assert (ran.status, levels["database"], levels["provider"]) == (0, "ok", "ok")
    assert "disk" in levels


WELL = fine("redis", "It is well.")
ODD = warning("disk", "Little is free [bold].", "Make room.")
BAD = problem("database", "It is away.", "Start it.")


@pytest.mark.parametrize(
    ("found", "summary"),
    [
        ([WELL], "All is well."),
        ([WELL, ODD], "no problems, 1 warning."),
        ([BAD, WELL, BAD], "2 problems, no warnings."),
    ],
)
def test_the_last_line_sums_it_up(found: Sequence[Finding], summary: str, capsys: pytest.CaptureFixture[str]) -> None:
    findings.show(found)
    assert capsys.readouterr().out.splitlines()[-1] == summary


def test_a_terminal_shows_a_table_with_marks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(findings, "console", Console(force_terminal=True, no_color=True, width=60, highlight=False))

    findings.show([BAD, ODD, WELL])

    shown = [line.rstrip() for line in _without_codes(capsys.readouterr().out).splitlines()]
    assert shown == [
        " ✗  database  It is away.",
        "              Start it.",
        " !  disk      Little is free [bold].",
        "              Make room.",
        " ✓  redis     It is well.",
        "1 problem, 1 warning.",
    ]


def _without_codes(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
