"""What reaches standard error: one JSON object a line."""

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from mailing.settings import Settings


def logged_by(script: str, **settings: str) -> list[dict[str, Any]]:
    """What a process of its own logs: configuring this one would be felt by every later test."""
    setup = f"""
        import logging, structlog
        from mailing.logging import configure_logging
        from mailing.settings import Settings
        settings = Settings(log_format="json", **{settings!r})
        configure_logging(settings, process="scheduler")
    """
    program = textwrap.dedent(setup) + textwrap.dedent(script)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_is_one_line_with_its_fields_its_process_and_its_traceback() -> None:
    # When
    (line,) = logged_by(
        """
        log = structlog.get_logger("mailing.delivery.sweep")
        try:
            1 / 0
        except ZeroDivisionError as e:
            log.error("sweep.step_failed", step="expire_overdue", mailing_id=7, exc_info=e)
        """
    )

    # Then
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("exception").endswith("ZeroDivisionError: division by zero")
    assert line == {
        "event": "sweep.step_failed",
        "level": "error",
        "logger": "mailing.delivery.sweep",
        "process": "scheduler",
        "step": "expire_overdue",
        "mailing_id": 7,
    }


def test_moments_among_the_fields_are_written_like_the_line_s_own() -> None:
    (line,) = logged_by(
        """
        from datetime import datetime, timedelta, timezone
        there = timezone(timedelta(hours=3))
        structlog.get_logger().info("x", at=datetime(2026, 11, 22, 11, 8, 42, 719403, tzinfo=there))
        """
    )

    assert line["at"] == "2026-11-22T08:08:42.719403Z"


def test_warnings_of_libraries_about_what_is_told_elsewhere_are_left_out_and_their_errors_are_not() -> None:
    # When
    lines = logged_by(
        """
        library = logging.getLogger("apscheduler.scheduler")
        library.warning('Execution of job "%s" skipped: maximum number of running instances reached (%d)', "sweep", 1)
        library.error("Error submitting job")
        logging.getLogger("asyncpg.pool").warning("Failed to restore the pool connection floor; retrying")
        """
    )

    # Then
    assert [(line["event"], line["level"], line["logger"]) for line in lines] == [
        ("Error submitting job", "error", "apscheduler.scheduler")
    ]


@pytest.mark.parametrize(("log_level", "expected"), [("DEBUG", ["dramatiq"]), ("ERROR", [])])
def test_a_library_logs_no_more_than_the_settings_let_through(log_level: str, expected: list[str]) -> None:
    lines = logged_by(
        'logging.getLogger("dramatiq").info("prose")\nlogging.getLogger("dramatiq").warning("trouble")',
        log_level=log_level,
    )
    assert [line["logger"] for line in lines] == expected


def test_not_even_at_debug_does_a_library_tell_the_secrets_of_a_sign_in() -> None:
    lines = logged_by(
        """
        log = logging.getLogger("authlib.integrations.base_client.sync_app")
        log.debug("Using code_verifier: 'secret'")
        log.warning("trouble")
        """,
        log_level="DEBUG",
    )
    assert [line["event"] for line in lines] == ["trouble"]


@pytest.mark.usefixtures("database")
def test_what_goes_wrong_in_the_database_is_logged_without_values_whoever_logs_it(settings: Settings) -> None:
    # When a process logs errors that PostgreSQL and asyncpg make of a phone, in the ways that we and libraries have
    lines = logged_by(
        """
        import asyncio
        from mailing.db import orm

        insert = "INSERT INTO client (phone, operator_code, tag, timezone) VALUES ($1, '916', '', 'UTC')"

        async def insert_all(*phones):
            for phone in phones:
                await orm.fetch(insert, phone)

        async def fail():
            async with orm.connected(settings):
                for phones in ((79160001122, 79160001122), ("79160001122",)):
                    try:
                        await insert_all(*phones)
                    except Exception as e:
                        structlog.get_logger().exception("ours", error=repr(e))
                        logging.getLogger("dramatiq.worker").error("a library's", exc_info=True)
                forgotten = asyncio.ensure_future(insert_all("79160001122"))
                await asyncio.wait({forgotten})
                del forgotten

        asyncio.run(fail())
        """,
        database_url=settings.database_url or "",
    )

    # Then
    assert [line["event"].split("\n")[0] for line in lines] == [
        *("ours", "a library's") * 2,
        "Task exception was never retrieved",
    ]
    told = [json.dumps(line, ensure_ascii=False) for line in lines]
    assert all("UniqueViolationError: duplicate key value violates unique" in line for line in told[:2])
    assert all("DataError: invalid input for query argument $1: " in line for line in told[2:])
    assert [line for line in told if "79160001122" in line] == []
