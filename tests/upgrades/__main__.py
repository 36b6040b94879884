"""Whether the code of an earlier version works on the schema of this one, as it does while an upgrade is under way.

    make old-code-check BASE=v1.2.0

The database is migrated by this version; API, worker and scheduler are those of BASE, and so is the import. They send a
mailing that is paused, edited and resumed, and at the end the books must be exact. Exit status 1 if not.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import aiohttp

from mailing.db.migrate import migrate
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer
from mailing.settings import Settings
from tests.e2e.office import Office
from tests.e2e.outside import Addresses, Outside, outside_process
from tests.gql_api.api import Api
from tests.infra.scale.databases import read
from tests.infra.scale.fleet import environment, fleet

ROOT = Path(__file__).parents[2]
CLIENTS = 300
_PACKAGES = ("mailing", "gql_api", "tasks")

_WRONG_COUNTS = """
    SELECT m.status, count(*) AS true, (
        SELECT sum(CASE m.status WHEN 'SENT' THEN sent WHEN 'PENDING' THEN pending WHEN 'SENDING' THEN sending END)
        FROM message_count WHERE dimension = ''
    ) AS counted
    FROM message m GROUP BY m.status
"""


def main(base: str) -> int:
    """The exit status."""
    with tempfile.TemporaryDirectory(prefix="mailing-upgrade-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        old = folder / "old"
        old.mkdir()
        _check_out(base, old)
        with (
            PostgresServer(folder / "postgres", fast=True) as postgres,
            ValkeyServer(folder / "valkey", persistent=False) as valkey,
            outside_process() as outside,
        ):
            problems = asyncio.run(_tried(old, postgres.url, valkey.url, outside))
    for problem in problems:
        print(f"{base} on this version's schema: {problem}", file=sys.stderr)
    if not problems:
        print(f"{base} works on this version's schema.")
    return 1 if problems else 0


def _check_out(base: str, folder: Path) -> None:
    archive = subprocess.run(["git", "archive", base, *_PACKAGES], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)


async def _tried(old: Path, database_url: str, redis_url: str, addresses: Addresses) -> list[str]:
    await asyncio.create_task(migrate(Settings(database_url=database_url)))
    more = {"PYTHONPATH": str(old)}
    _import(os.environ | environment(database_url, redis_url, addresses) | more)
    async with aiohttp.ClientSession() as http:
        with fleet(database_url, redis_url, addresses, **more) as running:
            office = Office(Api(http, running.address), "all")
            mailing = await office.create(ends_in=600, maxRate=100)
            await office.until_counts(mailing, SENT=30, seconds=60)
            await office.change("pauseMailing", id=mailing)
            await office.change("updateMailing", id=mailing, text="another", maxRate=None)
            await office.change("resumeMailing", id=mailing)
            result = await office.result(mailing, seconds=120)
        taken = [one.id for one in await Outside(http, addresses.admin_url).taken()]
    wrong = [f"{row['status']}: {row['counted']} counted, {row['true']} there"
             for row in await read(database_url, _WRONG_COUNTS) if row["counted"] != row["true"]]  # fmt: skip
    if result != {"SENT": CLIENTS}:
        wrong.append(f"of {CLIENTS} messages became {dict(result)}")
    if len(taken) != len({*taken}) or len(taken) != CLIENTS:
        wrong.append(f"the provider got {len(taken)} messages, {len({*taken})} different ones")
    return wrong


def _import(env: dict[str, str]) -> None:
    rows = ["phone,operator_code,tag,timezone", *(f"{79_000_000_000 + n},,all,Europe/Moscow" for n in range(CLIENTS))]
    argv = [sys.executable, "-P", "-m", "mailing", "import", "-"]
    subprocess.run(argv, env=env, input="\n".join(rows), text=True, check=True, timeout=120, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("which version? make old-code-check BASE=v1.2.0")
    sys.exit(main(sys.argv[1]))
