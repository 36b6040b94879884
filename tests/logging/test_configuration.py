"""What reaches standard error: one JSON object a line."""

import json
import re
from pathlib import Path

import pytest

from mailing.settings import Settings
from tests.logging.process import logged_by, said_by


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
    assert re.fullmatch(r".+:\d+", line.pop("worker"))
    assert line == {
        "event": "sweep.step_failed",
        "level": "error",
        "logger": "mailing.delivery.sweep",
        "process": "scheduler",
        "step": "expire_overdue",
        "mailing_id": "mailing_7",
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


def test_an_event_that_was_before_its_line_brings_its_own_moment() -> None:
    (line,) = logged_by(
        """
        from datetime import UTC, datetime
        structlog.get_logger().info("x", timestamp=datetime(2026, 11, 22, 8, 8, 42, 719403, tzinfo=UTC))
        """
    )

    assert (line["timestamp"], next(iter(line))) == ("2026-11-22T08:08:42.719403Z", "timestamp")


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


def test_an_area_logs_at_a_level_of_its_own() -> None:
    lines = logged_by(
        """
        for name in ("mailing.delivery.journal", "mailing.delivery.pump", "mailing.provider.token", "apscheduler"):
            structlog.get_logger(name).debug("debug")
            structlog.get_logger(name).info("info")
            structlog.get_logger(name).warning("warning")
        """,
        log_level="INFO,messages=WARNING,provider=DEBUG,libraries=ERROR",
    )

    assert [(line["logger"].removeprefix("mailing."), line["level"]) for line in lines] == [
        ("delivery.journal", "warning"),
        ("delivery.pump", "info"),
        ("delivery.pump", "warning"),
        ("provider.token", "debug"),
        ("provider.token", "info"),
        ("provider.token", "warning"),
    ]


def test_with_a_file_standard_error_has_only_what_is_worth_a_look(tmp_path: Path) -> None:
    # Given
    file = tmp_path / "logs" / "worker-1.jsonl"

    # When
    shown = logged_by(
        """
        log = structlog.get_logger("mailing.delivery.pump")
        log.info("a.thing_done", mailing_id=7)
        log.warning("a.thing_failed", mailing_id=7)
        logging.getLogger("dramatiq").warning("trouble")
        """,
        log_file=str(file),
    )

    # Then
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["event"] for line in kept] == ["a.thing_done", "a.thing_failed", "trouble"]
    assert shown == kept[1:]


def test_a_file_that_cannot_be_written_is_told_and_everything_is_shown(tmp_path: Path) -> None:
    # Given
    (tmp_path / "logs").write_text("a file where a folder is wanted")

    # When
    told, done = logged_by('structlog.get_logger().info("a.thing_done")', log_file=str(tmp_path / "logs" / "x"))

    # Then
    assert (told["event"], told["level"], done["event"]) == ("logging.file_not_written", "error", "a.thing_done")


def test_people_get_it_readable() -> None:
    shown = said_by('structlog.get_logger().info("a.thing_done", mailing_id=7)', log_format="console")
    words = re.sub(r"\x1b\[\d*m", "", shown).split()
    assert words[1:4] == ["[info", "]", "a.thing_done"]
    assert "mailing_id=mailing_7" in words


SECRETS = {
    "database_url": "postgres://user:of-the-database@host/name",
    "redis_url": "redis://:of-the-redis@host:6379/0",
    "provider_token": "of-the-provider",
    "provider_proxy": "http://user:of-the-proxy@proxy:3128",
    "smtp_url": "smtps://user:of-the-mail@mail.example.com",
}


def test_no_secret_of_the_settings_is_logged_whoever_quotes_it(tmp_path: Path) -> None:
    # When all of them are quoted in every way there is, where everything is switched on
    lines = logged_by(
        f"""
        for secret in {[*SECRETS.values()]!r}:
            try:
                raise ValueError(secret)
            except ValueError as e:
                structlog.get_logger().exception("ours", error=repr(e), reason=secret, given={{"a": [secret]}})
                logging.getLogger("dramatiq").error("a library's: %s", secret, exc_info=True)
        """,
        log_personal_data=True,
        log_level="DEBUG",
        **SECRETS,
    )

    # Then
    assert len(lines) == 2 * len(SECRETS)
    assert re.findall("of-the-[a-z]+", json.dumps(lines)) == []


def test_a_line_for_each_row_differs_only_in_its_ids() -> None:
    # When
    first, second = logged_by(
        """
        rows = Each(("client_id", "message_id"), [(42, 1001), (43, 1002)])
        structlog.get_logger("mailing.delivery.journal").info("message.created", mailing_id=7, note="100 %", each=rows)
        """
    )

    # Then
    assert second == first | {"client_id": "client_43", "message_id": "message_1002"}
    assert (first["mailing_id"], first["client_id"], first["message_id"], first["note"]) == (
        "mailing_7",
        "client_42",
        "message_1001",
        "100 %",
    )


def test_nothing_that_somebody_sends_stops_who_logs_it() -> None:
    # When what is no text and no number of JSON is logged, and a library's line cannot be made
    logged = logged_by(
        """
        log = structlog.get_logger("mailing.x")
        log.info("x.y", value="half \\ud83d", number=2**70)
        log.info("x.y", value=float("nan"))
        logging.getLogger("lib").warning("half \\ud83d")
        logging.getLogger("lib").warning("postgres://me:hunter22@host/name")
        logging.getLogger("lib").error("it broke: ValueError('Your order is ready')")
        logging.getLogger("lib").warning("%d", "token hunter22")
        """
    )

    # Then
    assert [(line["event"], line.get("value"), line.get("number")) for line in logged] == [
        ("x.y", "half ?", 2**70),
        ("x.y", None, None),
        ("half ?", None, None),
        ("postgres://***@host/name", None, None),
        ("it broke: ValueError(<19 characters>)", None, None),
        ("logging.line_not_made", None, None),
    ]
    assert "hunter22" not in str(logged)
