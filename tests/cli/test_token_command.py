"""`mailing token` as a person runs it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from mailing.access_tokens.secret import digest, is_plausible
from mailing.access_tokens.service import COMMAND_LINE, create_token, revoke_token
from mailing.access_tokens.validation import NewToken
from mailing.cli import access_tokens
from mailing.cli.failure import CommandError
from mailing.cli.token_table import show_tokens
from mailing.models import AccessToken
from mailing.roles import Role
from mailing.settings import Settings
from tests.cli import program
from tests.conftest import Sql
from tests.running import Ran

Mailing = Callable[..., Awaitable[Ran]]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?")


@pytest.fixture
def mailing(settings: Settings, sql: Sql, tmp_path: Path) -> Mailing:
    """Runs `mailing token` with arguments, on the empty database; log lines are left out of what it says."""
    return partial(program.mailing, settings, tmp_path, "token")


async def test_a_token_stands_alone_on_standard_output_until_it_is_revoked(mailing: Mailing, sql: Sql) -> None:
    # When
    made = await mailing("create", "--name", "first admin", "--role", "admin", "--expires-in-days", "30")
    revoked = await mailing("revoke", "token_1")

    # Then
    token = made.output.removesuffix("\n")
    assert (made.status, is_plausible(token)) == (0, True)
    told = "token_1 has the role admin and is good until {}. It is not shown again."
    assert _MOMENT.sub("{}", made.errors) == told
    assert (revoked.status, _MOMENT.sub("{}", revoked.output)) == (0, "token_1 is revoked since {}\n")
    (row,) = await sql("SELECT digest, name, role, created_by, revoked_at IS NULL AS is_good FROM access_token")
    assert row == {
        "digest": digest(token),
        "name": "first admin",
        "role": "ADMIN",
        "created_by": "command line",
        "is_good": False,
    }


async def test_the_list_shows_every_token_and_none_of_their_secrets(mailing: Mailing, sql: Sql) -> None:
    # Given more tokens than a page holds
    made = [await create_token(NewToken(name, Role.VIEWER, None), COMMAND_LINE) for name in ("billing", "счета")]
    await revoke_token(1)
    await sql("""
        INSERT INTO access_token (digest, start, name, role, created_by, created_by_name)
        SELECT n::text, 'mailing_', 'n', 'VIEWER', '', '' FROM generate_series(1, 199) AS n
    """)

    # When
    listed = await mailing("list")

    # Then
    lines = [_MOMENT.sub("{}", line).split("\t") for line in listed.output.splitlines()]
    starts = [one.secret[:14] for one in made]
    assert lines[:3] == [
        ["token", "name", "begins with", "role", "made", "last used", "state"],
        ["token_1", "billing", f"{starts[0]}…", "viewer", "{} by Command line", "never", "revoked {}"],
        ["token_2", "счета", f"{starts[1]}…", "viewer", "{} by Command line", "never", "good"],
    ]
    assert [line[0] for line in lines[1:]] == [f"token_{n}" for n in range(1, 202)]
    assert [one.row.id for one in made if one.secret[14:] in listed.output + listed.errors] == []


async def test_what_cannot_be_done_is_one_line(mailing: Mailing) -> None:
    ran = await asyncio.gather(mailing("create", "--name", " ", "--role", "viewer"), mailing("revoke", "token_7"))

    assert [*ran] == [
        Ran(1, "", "mailing: --name: must not be blank"),
        Ran(1, "", "mailing: there is no token_7; `mailing token list` shows those that there are"),
    ]


@pytest.mark.parametrize("id", ["7", "mailing_7", "token_0", "token_", "", "token_99999999999999999999"])
def test_what_is_no_id_of_a_token_names_none(settings: Settings, id: str) -> None:
    with pytest.raises(CommandError, match=rf"^there is no {id}; "):
        access_tokens.revoke_token(settings, id)


def test_what_has_expired_is_shown_as_such_and_no_name_can_steer_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = datetime(2030, 1, 31, 6, tzinfo=UTC)
    token = AccessToken(
        id=1, name="a", start="mailing_", role=Role.VIEWER, created_at=now, created_by_name="\x1b[2J", expires_at=now
    )

    show_tokens([token], now)
    show_tokens([token], now - timedelta(minutes=1))

    assert [line.split("\t")[4:] for line in capsys.readouterr().out.splitlines()[1::2]] == [
        ["2030-01-31 by ?[2J", "never", "expired 2030-01-31 06:00 UTC"],
        ["2030-01-31 by ?[2J", "never", "good until 2030-01-31 06:00 UTC"],
    ]
