import os
import sys
from pathlib import Path

from graphql import OperationType

from gql_api.auth.permissions import NEEDED
from tests.conformance.node import FOLDER
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages
from tests.running import run

ROOT = FOLDER.parents[1]


async def test_whatever_the_schema_allows_is_answered_with_data_or_with_a_code(
    api: Api, sql: Sql, tmp_path: Path
) -> None:
    # Given something to find, to change and to delete
    await add_clients(sql, 2)
    for status in ("SCHEDULED", "RUNNING"):
        await add_messages(sql, await add_mailing(status))
    # When everything is tried that the schema lets a caller write
    ran = await run(
        *(Path(sys.executable).with_name("schemathesis"), "--no-color", "run", ROOT / "schema.graphql"),
        *("--url", f"http://{api.address}/graphql", "--checks", "mistakes_have_a_code"),
        *("--max-examples", "8", "--phases", "fuzzing", "--seed", "1", "--request-timeout", "5"),
        folder=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.conformance.schemathesis_hooks"},
    )
    # Then no answer is one that a caller could not make sense of
    operations = len(NEEDED[OperationType.QUERY]) + len(NEEDED[OperationType.MUTATION])
    assert ran.status == 0, ran
    assert f"{operations} passed" in ran.output
