"""What is planted in every place where it could be logged, and must be found in no log."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from mailing.cli.preconditions import free_port
from tests.e2e.documents import MUTATIONS
from tests.e2e.office import Office, moment
from tests.e2e.outside import Addresses, Outside
from tests.e2e.service import Service
from tests.e2e.story import log_files
from tests.gql_api.api import Api
from tests.running import run
from tests.waiting import until

PROVIDER_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvZi10aGUtbG9ncyJ9.b2YtdGhlLWxvZ3M"
TEXT = "Ваш секретный код готов"
PHONE = "79035557799"
OTHER_PHONE = "79035557788"
COOKIE = "mailing_session=session-that-nobody-may-see"
MISTYPED = "mailing_" + "x" * 49
FORGED = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJmb3JnZWQifQ.Zm9yZ2Vk"


@pytest.fixture(scope="module")
async def guarded(e2e_folder: Path, outside_addresses: Addresses) -> AsyncIterator[Service]:
    """A service that lets in programs with a token alone, and logs everything that it has."""
    folder = e2e_folder / "guarded"
    folder.mkdir(mode=0o711)
    env = {
        "MAILING_PROVIDER_URL": outside_addresses.url,
        "MAILING_PROVIDER_TOKEN": PROVIDER_TOKEN,
        "MAILING_AUTH_API_TOKENS": "true",
        "MAILING_LOG_LEVEL": "DEBUG",
        "MAILING_RETRY_CAP_SECONDS": "0.5",
    }
    service = Service(folder, free_port(), env)
    await service.start()
    yield service
    await service.stop_if_running()


async def test_no_phone_no_text_no_token_and_no_cookie_is_in_any_log(guarded: Service, outside: Outside) -> None:
    # Given a token, and an outside service that quotes what it is sent, fails, and then refuses its token
    made = await run(
        *(sys.executable, "-P", "-m", "mailing", "token", "create", "--name", "logs", "--role", "operator"),
        *("--data-dir", guarded.data_dir),
        folder=guarded.data_dir,
        env=guarded.env,
    )
    token = made.output.strip()
    await outside.play(error_share=0.5, garbage_share=0.4, seed=3)

    # When people come with everything that can be wrong, and a mailing is sent
    headers = {"Authorization": f"Bearer {token}", "Cookie": COOKIE}
    async with aiohttp.ClientSession(headers=headers) as http:
        office = Office(Api(http, guarded.address), "logs")
        await office.add_client(phone=PHONE)
        await office.mutate("createClient", phone=PHONE, timezone="Europe/Moscow")
        await office.mutate("createClient", phone=f"+{PHONE}", timezone=TEXT, tag=TEXT)
        mailing = await office.create(text=TEXT, ends_in=30)
        await office.mutate("createMailing", text=TEXT, startsAt=moment(0), endsAt=moment(-60))
        await office.api.post(f'{{ client(id: "{PHONE}") {{ id }} nonsense(text: "{TEXT}") }}')
        (client,) = {message["client"]["id"] for message in await _messages(office, mailing)}
        await office.change("updateClient", id=client, phone=OTHER_PHONE)
        await outside.play()
        await office.result(mailing)
        await outside.play(unauthorized=True)
        await office.create(text=TEXT, ends_in=60)
        await until(lambda: "provider.token_refused" in _everything(guarded), seconds=20)
    await _knock(guarded, MISTYPED, FORGED, "Basic dXNlcjpwYXNzd29yZA==")

    # Then the logs are full, and none of it is there
    logs = _everything(guarded)
    assert [event for event in ("message.answered", "auth.refused", "client.updated") if event not in logs] == []
    secrets = [TEXT, PHONE, OTHER_PHONE, token, PROVIDER_TOKEN, COOKIE.partition("=")[2], MISTYPED, FORGED, "dXNlcj"]
    assert [secret for secret in secrets if secret in logs] == []
    assert "7903*****99" in logs


async def _messages(office: Office, mailing: str) -> list[dict[str, dict[str, str]]]:
    """Those of the mailing, once there are any."""

    async def are_there() -> bool:
        return bool(await office.messages(mailing))

    await until(are_there)
    return await office.messages(mailing, "client { id }")


async def _knock(service: Service, *credentials: str) -> None:
    """Ask with credentials that are no good, by each way there is."""
    async with aiohttp.ClientSession() as http:
        for shown in credentials:
            authorization = shown if " " in shown else f"Bearer {shown}"
            body = {"query": MUTATIONS["createClient"], "variables": {"input": {"phone": PHONE, "timezone": TEXT}}}
            url, headers = f"http://{service.address}/graphql", {"Authorization": authorization}
            async with http.post(url, json=body, headers=headers) as response:
                assert response.status == 401
            async with http.ws_connect(url, protocols=("graphql-transport-ws",)) as socket:
                await socket.send_json({"type": "connection_init", "payload": {"authorization": authorization}})
                assert (await asyncio.wait_for(socket.receive(), 5)).type == aiohttp.WSMsgType.CLOSE


def _everything(service: Service) -> str:
    """As text, also what JSON would have escaped."""
    texts = [file.read_text() for file in log_files(service)]
    return "\n".join([*texts, *(text.encode().decode("unicode_escape", errors="ignore") for text in texts)])
