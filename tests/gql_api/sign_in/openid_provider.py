"""A real OpenID provider, of others: npm's oidc-provider."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from pydantic import SecretStr

from tests.conformance.node import FOLDER, node_path
from tests.gql_api.auth.issuer import AUDIENCE

START_SECONDS = 30
STOP_SECONDS = 10

SECRET = "hush+%41/:"
CLIENT = {"auth_client_id": "mailing", "auth_client_secret": SecretStr(SECRET)}
"""The service as the provider knows it."""


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """Knows ada, oscar, vera and nemo by any password: an admin, an operator, a viewer and nobody here."""

    url: str

    async def token_for(self, program: str, *, audience: str = AUDIENCE) -> str:
        """An access token that a program asks for with its own secret."""
        grant = {"grant_type": "client_credentials", "resource": audience}
        known = {"Authorization": aiohttp.encode_basic_auth(program, "hush")}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.url}/token", data=grant, headers=known) as response,
        ):
            token: str = (await response.json())["access_token"]
            return token


@asynccontextmanager
async def providing() -> AsyncIterator[OpenIdProvider]:
    """One that runs until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(node_path(), "openid_provider.mjs"),
        cwd=FOLDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    try:
        yield OpenIdProvider(await asyncio.wait_for(_url(process), START_SECONDS))
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.communicate(), STOP_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _url(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"{"):
            url: str = json.loads(line)["url"]
            return url
    raise AssertionError("the provider did not start")
