"""`mailing demo`: what it makes sure of, what it finds amiss, and what it says where something does not answer."""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.cli import demo_api
from mailing.cli.demo_api import DemoApi
from mailing.cli.demo_ledger import DemoLedger
from mailing.cli.demonstration import ensure_clients, what_is_amiss
from mailing.cli.failure import CommandError
from mailing.jobs import Job
from mailing.roles import Role
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.serving import whole_api

_PROGRESS = {
    "total": 5,
    "pending": 0,
    "sending": 0,
    "sent": 4,
    "failed": 1,
    "expired": 0,
    "unconfirmed": 0,
    "cancelled": 0,
}


def _mailing(counted: int = 5, **progress: int) -> Mapping[str, Any]:
    statistics = {"total": counted, "byStatus": [{"status": "SENT", "count": counted}]}
    return {"status": "FINISHED", "progress": _PROGRESS | progress, "statistics": statistics}


@pytest.mark.parametrize(
    ("mailing", "clients", "accepted", "amiss"),
    [
        (_mailing(), 5, 4, []),
        (_mailing(), 6, 4, ["it has 5 messages for 6 clients"]),
        (_mailing(), 5, 5, ["the provider accepted 5, of which 4 are known as sent"]),
        (_mailing(failed=0), 5, 4, ["the seven counts sum to 4, not 5"]),
        (_mailing(failed=0, pending=1), 5, 4, ["1 are still pending"]),
        (_mailing(failed=0, sending=1), 5, 4, ["1 are still being sent"]),
        (_mailing(counted=3), 5, 4, ["its statistics count 3 messages, not 5"]),
    ],
)
def test_what_does_not_add_up_is_told(
    mailing: Mapping[str, Any], clients: int, accepted: int, amiss: list[str]
) -> None:
    assert what_is_amiss(mailing, clients, accepted) == amiss


async def test_clients_are_made_once_and_those_of_others_are_left_alone(sql: Sql) -> None:
    await ensure_clients("demo-30", 30)
    theirs = await sql("SELECT * FROM client ORDER BY id")
    # The same people would come again under another tag: their phones are taken.
    await sql("UPDATE client SET tag = 'mine' WHERE id <= 10")

    await ensure_clients("demo-30", 30)
    await ensure_clients("demo-30", 30)

    assert await sql("SELECT tag, count(*) AS n FROM client GROUP BY tag ORDER BY tag") == [
        {"tag": "demo-30", "n": 30},
        {"tag": "mine", "n": 10},
    ]
    assert (await sql("SELECT * FROM client WHERE id > 10 ORDER BY id"))[:20] == theirs[10:]


async def test_more_clients_than_wanted_are_refused(sql: Sql) -> None:
    await ensure_clients("demo-3", 3)
    with pytest.raises(CommandError, match=r"^3 clients have the tag demo-3; delete 1 or choose another number$"):
        await ensure_clients("demo-3", 2)


async def test_an_api_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_api, "PATIENCE_SECONDS", 0.1)
    url = f"http://127.0.0.1:{_closed_port()}"
    api = DemoApi(url)

    with pytest.raises(CommandError, match=f"^the API at {url}/graphql does not answer: .+$"):
        await api.create_mailing("text", "tag")
    with pytest.raises(CommandError, match=f"^lost sight of mailing_1: the API at {url}/graphql does not answer: .+$"):
        async for _ in api.follow("mailing_1"):
            pass


async def test_where_sign_in_is_on_a_token_is_asked_for_and_shown(
    sql: Sql, settings: Settings, sent_jobs: Sequence[Job]
) -> None:
    await ensure_clients("demo", 1)
    token = (await create_token(NewToken("demo", Role.OPERATOR, None), COMMAND_LINE)).secret
    async with whole_api(settings, auth_api_tokens=True) as api:
        url = f"http://{api.address}"
        with pytest.raises(CommandError, match=r"^the API answered with an error: Sign in first; .+MAILING_TOKEN"):
            await DemoApi(url).create_mailing("text", "demo")

        demo = DemoApi(url, token)
        mailing_id = await demo.create_mailing("text", "demo")
        async with aclosing(demo.follow(mailing_id)) as states:
            assert (await anext(states))["mailing"]["status"] in {"SCHEDULED", "RUNNING"}
        assert (await demo.statistics(mailing_id))["progress"]["sent"] == 0


async def test_nobody_but_the_fake_provider_is_sent_to() -> None:
    ledger = DemoLedger(f"http://127.0.0.1:{_closed_port()}/v1")
    with pytest.raises(CommandError, match=r"^no fake provider answers at 127\.0\.0\.1:\d+; a demonstration sends to"):
        await asyncio.to_thread(ledger.accepted)


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
