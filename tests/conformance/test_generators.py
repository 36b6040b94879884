"""Tools that read schema.graphql: compilers of documents, generators of clients, rules of style."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conformance.node import FOLDER, node, tool
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.running import run

SCHEMA = FOLDER.parents[1] / "schema.graphql"
PYTHON = FOLDER / ".venv/bin/python"


async def test_eslint_has_nothing_to_say_about_the_schema() -> None:
    assert await node("lint_schema.mjs", SCHEMA) == []


async def test_relay_compiles_connections_and_fragments_that_fetch_themselves(tmp_path: Path) -> None:
    folder = _project("relay", tmp_path)
    (folder / "artifacts").mkdir()

    ran = await tool("relay-compiler", folder=folder)

    assert ran.status == 0, ran
    assert {path.name for path in folder.glob("artifacts/*Query.graphql.ts")} == {
        "ClientsQuery.graphql.ts",
        "ClientsPaginationQuery.graphql.ts",
        "ClientsMessagesQuery.graphql.ts",
    }


async def test_graphql_codegen_generates_a_client(tmp_path: Path) -> None:
    folder = _project("codegen", tmp_path)

    ran = await tool("graphql-codegen", "--config", "codegen.json", folder=folder)

    assert ran.status == 0, ran
    types = (folder / "generated/graphql.ts").read_text()
    for name in ("MailingQuery", "UpdateMailingMutationVariables", "ProgressSubscription"):
        assert f"export type {name} = " in types


async def test_a_client_that_ariadne_codegen_generates_works(api: Api, sql: Sql, tmp_path: Path) -> None:
    if not PYTHON.exists():
        pytest.skip("ariadne-codegen is not installed: `make conformance`")
    folder = _project("ariadne", tmp_path)

    generated = await run(PYTHON, "-m", "ariadne_codegen", folder=folder)
    used = await run(PYTHON, "use.py", api.address, folder=folder)

    assert generated.status == 0, generated
    assert used.status == 0, used
    assert json.loads(used.output) == [
        {"createClient": {"__typename": "Client", "id": "client_1", "operatorCode": "916"}},
        {"clients": {"totalCount": 1}},
    ]


def _project(name: str, folder: Path) -> Path:
    """A copy of the project in a folder of its own, with the schema in it, and with the packages."""
    project = shutil.copytree(FOLDER / "generators" / name, folder / name)
    shutil.copy(SCHEMA, project)
    (project / "node_modules").symlink_to(FOLDER / "node_modules")
    return project
