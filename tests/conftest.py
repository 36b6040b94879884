"""What tests share: a PostgreSQL and a Valkey of their own for each test process, emptied before each test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from redis.asyncio import Redis
from structlog.typing import EventDict

from mailing import jobs
from mailing.db import orm
from mailing.db.migrate import migrate
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer
from mailing.jobs import Job
from mailing.settings import Settings
from tests.spans import Spans, kept_spans

Sql = Callable[..., Awaitable[list[Mapping[str, Any]]]]

_EMPTY = """
DO $$
DECLARE
    name regclass;
    few int;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);  -- fires no triggers
    FOR name IN SELECT oid FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^tortoise'
    LOOP
        EXECUTE format('SELECT count(*) FROM (SELECT FROM %s LIMIT 100) AS rows', name) INTO few;
        IF few = 100 THEN
            EXECUTE format('TRUNCATE %s', name);
        ELSIF few > 0 THEN
            EXECUTE format('DELETE FROM %s', name);
        END IF;
    END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relname ~ '_id_seq$'
        AND relname !~ '^tortoise';
END $$
"""
"""Most tests write a few rows: to delete these takes a millisecond, and to truncate every table forty."""


@pytest.fixture(scope="session", autouse=True)
def _environment() -> None:
    """The settings of whoever runs the tests do not reach them."""
    for name in [name for name in os.environ if name.startswith("MAILING_")]:
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    """Lines that nobody has to look at are not made: where logging is not configured, one takes longer than a request.

    `capture_logs` hears them all the same.
    """
    structlog.configure(processors=[_worth_a_look, structlog.dev.ConsoleRenderer(colors=False)])


def _worth_a_look(_logger: object, level: str, event: EventDict) -> EventDict:
    if level in {"debug", "info"}:
        raise structlog.DropEvent
    return event


@pytest.fixture(scope="session")
def server_dir() -> Iterator[Path]:
    """A folder that other users may pass through, for PostgreSQL does not run as root."""
    folder = Path(tempfile.mkdtemp(prefix="mailing-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(server_dir: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL of this test process, not migrated."""
    server = PostgresServer(server_dir / "postgres", fast=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(server_dir: Path) -> Iterator[ValkeyServer]:
    """A Valkey of this test process."""
    server = ValkeyServer(server_dir / "valkey", persistent=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def settings(postgres: PostgresServer, valkey: ValkeyServer) -> Settings:
    """Settings with short times, against this test process's servers."""
    return Settings(
        database_url=postgres.url,
        redis_url=valkey.url,
        provider_url="http://127.0.0.1:9/v1",  # discards: a test that sends names its own provider
        provider_connect_timeout_seconds=3,
        provider_timeout_seconds=3,
        lease_seconds=8,
        drain_seconds=4.5,
        retry_base_seconds=0.05,
        retry_cap_seconds=0.2,
        probe_first_wait_seconds=0.05,
        probe_longest_wait_seconds=0.2,
    )


@pytest.fixture(scope="session")
async def migrated(settings: Settings) -> Settings:
    """The settings, once the schema is there."""
    await migrate(settings)
    return settings


@pytest.fixture(scope="session")
async def _connection(migrated: Settings) -> AsyncIterator[None]:
    async with orm.connected(migrated):
        yield


@pytest.fixture
async def database(_connection: None) -> None:
    """The database, empty, as one that has been there for a day."""
    await orm.fetch(_EMPTY)
    await orm.fetch("INSERT INTO provider_channel (since) VALUES (now() - interval '1 day')")


@pytest.fixture
def sql(database: None) -> Sql:
    """Runs a statement on the empty database: `await sql(query, *args) -> rows`."""

    async def run(query: str, *parameters: object) -> list[Mapping[str, Any]]:
        return await orm.fetch(query, *parameters)

    return run


@pytest.fixture
async def redis(valkey: ValkeyServer) -> AsyncIterator["Redis"]:
    """A connection to Valkey, empty."""
    client: Redis = Redis.from_url(valkey.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def sent_jobs() -> Iterator[Sequence[Job]]:
    """The jobs that left, in order, instead of a queue."""
    sent: list[Job] = []

    async def keep(job: Job) -> None:
        sent.append(job)

    jobs.send_through(keep)
    yield sent
    jobs.send_through(None)


@pytest.fixture
def spans() -> Iterator[Spans]:
    """What is traced in this process while the test runs."""
    with kept_spans() as spans:
        yield spans
