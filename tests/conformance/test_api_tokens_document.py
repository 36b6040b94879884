"""The section of docs/api.md about API tokens, done as it stands there."""

import os
import re
import sys
from pathlib import Path

from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.auth.asking import ask
from tests.gql_api.rows import add_mailing
from tests.gql_api.serving import whole_api
from tests.running import run

SECTION = (Path(__file__).parents[2] / "docs/api.md").read_text().partition("\n## API tokens\n")[2]
(COMMANDS,) = re.findall(r"^```bash\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
(MUTATION,) = re.findall(r"^```graphql\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
SCRIPTS = Path(sys.executable).parent


async def test_the_commands_make_use_list_and_revoke_a_token(settings: Settings, sql: Sql, tmp_path: Path) -> None:
    # Given a mailing to ask for
    assert settings.database_url
    await add_mailing("CANCELLED")
    async with whole_api(settings, auth_api_tokens=True) as api:
        # When
        commands = COMMANDS.replace(".venv/bin", str(SCRIPTS)).replace("127.0.0.1:8000", api.address)
        env = os.environ | {"MAILING_DATABASE_URL": settings.database_url}
        ran = await run("bash", "-euo", "pipefail", "-c", commands, folder=tmp_path, env=env)

    # Then both clients were let in, and the token is one that is revoked
    assert ran.status == 0, ran
    assert ran.output.count("CANCELLED") == 2, ran
    assert re.search(r"^token_1\tnight reports\tmailing_\S{6}…\tviewer\t", ran.output, re.MULTILINE), ran
    assert "token_1 is revoked since" in ran.output


async def test_the_mutation_makes_a_token(settings: Settings, sql: Sql) -> None:
    token = (await create_token(NewToken("first", Role.ADMIN, None), COMMAND_LINE)).secret
    async with whole_api(settings, auth_api_tokens=True) as api:
        _, answer = await ask(api, {"Authorization": f"Bearer {token}"}, MUTATION)

    made = answer["data"]["createApiToken"]
    assert (made["token"][:8], made["apiToken"]) == ("mailing_", {"id": "token_2"})
