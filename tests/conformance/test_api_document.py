"""Every snippet of docs/api.md, run as it stands there."""

import re
import sys
from pathlib import Path

import pytest

from tests.conformance.node import FOLDER, node_path
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing
from tests.running import run

DOCUMENT = (Path(__file__).parents[2] / "docs/api.md").read_text()
SNIPPETS = re.findall(r"^```(sh|python|js)\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
ADDRESS = "127.0.0.1:8000"


@pytest.mark.parametrize(("language", "snippet"), SNIPPETS, ids=[f"{n}-{one[0]}" for n, one in enumerate(SNIPPETS)])
async def test_a_snippet_does_what_it_is_there_for(api: Api, sql: Sql, language: str, snippet: str) -> None:
    # Given the mailing that all of them ask for
    await add_clients(sql, 3)
    await add_mailing("CANCELLED")
    assert ADDRESS in snippet

    # When
    ran = await run(*_command(language, snippet.replace(ADDRESS, api.address)), folder=FOLDER, seconds=20)

    # Then
    assert ran.status == 0, ran
    assert "CANCELLED" in ran.output, ran
    assert ("total" in ran.output) == ("subscription" in snippet), ran


def test_there_is_a_snippet_for_each_client() -> None:
    assert [language for language, _ in SNIPPETS] == ["sh", "sh", "python", "js", "js"]


def _command(language: str, snippet: str) -> list[str]:
    match language:
        case "sh":
            return ["bash", "-c", snippet]
        case "python":
            return [sys.executable, "-c", snippet]
    # Browsers have WebSocket, and so has Node from 22 on.
    end = "\nsetTimeout(() => process.exit(), 1000);\n"
    return [node_path(), "--experimental-websocket", "--input-type=module", "-e", snippet + end]
