"""Databases of one PostgreSQL server: made, backed up and restored with PostgreSQL's own programs."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from mailing.embedded.account import server_account
from mailing.embedded.binaries import postgres_programs
from mailing.embedded.postgres import PostgresServer


def url_of(server: PostgresServer, name: str) -> str:
    return server.url.replace("/mailing?", f"/{name}?")


@contextmanager
def databases(server: PostgresServer, *names: str) -> Iterator[list[str]]:
    """Empty ones; their URLs."""
    for name in names:
        _run("createdb", "--maintenance-db", server.url, name)
    try:
        yield [url_of(server, name) for name in names]
    finally:
        for name in names:
            _run("dropdb", "--maintenance-db", server.url, "--force", name)


def back_up(url: str, file: Path) -> None:
    """`pg_dump`, also while the service runs: it sees one moment of the database."""
    _run("pg_dump", "--format", "custom", "--file", str(file), url)


def restore(file: Path, url: str) -> None:
    """`pg_restore`, into an empty database."""
    _run("pg_restore", "--exit-on-error", "--no-owner", "--dbname", url, str(file))


async def read(url: str, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(sql))
    finally:
        await connection.close()


def _run(program: str, *arguments: str) -> None:
    """Raises CalledProcessError."""
    path = postgres_programs(server_account()) / program
    subprocess.run([str(path), *arguments], check=True, timeout=120, stdout=subprocess.DEVNULL)
