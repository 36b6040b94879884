"""The checks of the provider, against the fake one and against servers that are no provider at all."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from mailing.health.finding import Finding, Level
from mailing.health.provider import look_at_channel, look_at_provider
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings, load_settings
from tests.conftest import Sql
from tests.provider.conftest import RawServer, whole_request


def _settings(url: str, **changed: object) -> Settings:
    return load_settings(provider_url=url, **changed)


async def test_a_provider_that_takes_the_token_is_fine_and_gets_no_message(fake: FakeProvider) -> None:
    # Given
    await fake.set_scenario(Scenario(required_token="sesame"))

    # When
    (found,) = await look_at_provider(_settings(fake.url, provider_token="sesame"))

    # Then
    what = f"{fake.url} answers, and does not refuse the token (HTTP 400 to a request with nothing to send)."
    assert (found.level, found.what) == (Level.OK, what)
    assert (fake.ledger.requests, fake.ledger.accepted) == (1, 0)


@pytest.mark.parametrize("settings", [{}, {"provider_token": "wrong-sesame"}])
async def test_a_refused_token_is_a_problem_that_does_not_tell_it(fake: FakeProvider, settings: dict[str, str]) -> None:
    await fake.set_scenario(Scenario(required_token="sesame"))

    (found,) = await look_at_provider(_settings(fake.url, **settings))

    assert (found.level, found.what) == (Level.PROBLEM, f"{fake.url} refuses the token (HTTP 401).")
    assert "sesame" not in repr(found)


async def test_one_that_is_away_is_a_problem(fake: FakeProvider) -> None:
    await fake.set_scenario(Scenario(refuse_connections=True))

    (found,) = await look_at_provider(_settings(fake.url))

    assert found == Finding(
        "provider",
        Level.PROBLEM,
        f"{fake.url} does not answer: connection refused.",
        "Correct host and port in MAILING_PROVIDER_URL; if they are right, ask the provider.",
    )


@pytest.mark.parametrize(
    ("answer", "level", "words"),
    [
        (b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"code":0}', Level.OK, "HTTP 200, code 0"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"code":17}', Level.OK, "code 17"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi", Level.WARNING, "what is not the provider's JSON"),
        (b"HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n", Level.OK, "HTTP 422"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", Level.WARNING, "is it the right address?"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", Level.WARNING, "is it the right address?"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", Level.PROBLEM, "refuses the token (HTTP 403)"),
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", Level.PROBLEM, "The proxy refuses user and password"),
        (b"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", Level.WARNING, "it wants fewer requests"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", Level.WARNING, "answers HTTP 500."),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Level.PROBLEM, "does not answer: unreadable answer."),
        (b"", Level.PROBLEM, "does not answer: connection lost."),
    ],
)
async def test_every_answer_is_judged(raw_server: RawServer, answer: bytes, level: Level, words: str) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        writer.write(answer)

    (found,) = await look_at_provider(_settings(await raw_server(handle)))

    assert (found.subject, found.level) == ("provider", level)
    assert words in found.what


async def test_what_is_asked_names_no_phone_and_no_text(raw_server: RawServer) -> None:
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await whole_request(reader))

    await look_at_provider(_settings(await raw_server(handle), provider_token="sesame"))

    (request,) = seen
    assert request.startswith(b"POST /v1/send/0 HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer sesame\r\n" in request
    assert request.endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize(("minutes", "level"), [(0, Level.OK), (10, Level.PROBLEM), (-10, Level.PROBLEM)])
async def test_a_provider_that_tells_the_time_has_its_clock_compared(
    raw_server: RawServer, minutes: int, level: Level
) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await whole_request(reader)
        date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True).encode()
        writer.write(b"HTTP/1.1 400 No\r\nDate: " + date + b"\r\nContent-Length: 0\r\n\r\n")

    _, clock = await look_at_provider(_settings(await raw_server(handle)))

    assert (clock.subject, clock.level) == ("clock of the provider", level)


async def test_what_the_workers_have_found_is_told(sql: Sql) -> None:
    # Given
    (well,) = await look_at_channel()
    await sql(
        """
        UPDATE provider_channel SET state = 'OPEN', cause = 'TOKEN_REFUSED', reason = 'HTTP 401',
            since = now() - interval '5 minutes', next_probe_at = now()
        """
    )

    # When
    (held,) = await look_at_channel()

    # Then
    assert (well.level, well.what) == (Level.OK, "Messages may leave; none did within the last ten seconds.")
    assert (held.level, held.what) == (Level.PROBLEM, "Held for 5 minutes: HTTP 401.")
    assert (held.advice or "").startswith("Put a token that it accepts into MAILING_PROVIDER_TOKEN")
