"""How the connection to PostgreSQL is protected stands in its URL, and holds for everything that connects."""

import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mailing.settings import Settings
from tests.db.tls_server import tls_server
from tests.db.upgrades import environment
from tests.provider.tls import CERTIFICATE, server_context
from tests.running import Ran, run

TRUSTED = f"sslmode=verify-full&sslrootcert={CERTIFICATE}"


@pytest.fixture
def socket(migrated: Settings) -> str:
    assert migrated.database_url is not None
    (folder,) = parse_qs(urlsplit(migrated.database_url).query)["host"]
    return f"{folder}/.s.PGSQL.5432"


async def mailing(*command: str, port: int, query: str, folder: Path) -> Ran:
    """A command of the program, with a database that is reached so."""
    env = environment(f"postgres://mailing@localhost:{port}/mailing?{query}")
    return await run(sys.executable, "-m", "mailing", *command, "--data-dir", folder, folder=folder, env=env)


@pytest.mark.parametrize("command", [("migrate",), ("token", "list")])
async def test_a_server_whose_certificate_is_trusted_is_spoken_to_by_tls_alone(
    socket: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    async with tls_server(socket, server_context()) as server:
        ran = await mailing(*command, port=server.port, query=TRUSTED, folder=tmp_path)

    assert (ran.status, ran.errors) == (0, "")
    assert set(server.versions) == {"TLSv1.3"}


async def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(socket: str, tmp_path: Path) -> None:
    async with tls_server(socket, server_context()) as server:
        ran = await mailing("migrate", port=server.port, query="sslmode=verify-full", folder=tmp_path)

    assert ran.status == 1
    assert ran.errors.startswith(f"mailing: the database at localhost:{server.port}/mailing does not answer: ")
    assert "(MAILING_DATABASE_URL)" in ran.errors
    assert server.versions == []


async def test_a_server_without_tls_is_told_nothing_where_it_is_required(socket: str, tmp_path: Path) -> None:
    async with tls_server(socket, None) as server:
        ran = await mailing("token", "list", port=server.port, query="sslmode=require", folder=tmp_path)

    assert ran.status == 1
    assert "rejected SSL upgrade" in ran.errors
    assert server.versions == []
