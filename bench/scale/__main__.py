"""What a large table costs: everything is measured in an empty database, and again in the same one when it is full.

    make bench-scale
    make bench-scale ARGS="--clients 100000 --mailings 10 --questions 50"

Makes a durable PostgreSQL of its own in /tmp (or --folder) with clients × mailings messages, and leaves nothing behind.
Ten million messages need about 10 GB of disk while they are written. Exit status 1 if a statement of the delivery
takes more than twice as long as in an empty table.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from bench.figures import Figure, Grid, Section, at_most
from bench.latencies import Latencies
from bench.machine import Machine
from bench.queries import server_version
from bench.report import Report
from bench.scale.tables import Size, add_fresh_clients, fill, index_sizes, settle, sizes
from bench.scale.work import work
from bench.screen import Screen
from mailing.db import orm
from mailing.db.migrate import migrate
from mailing.embedded.postgres import PostgresServer
from mailing.logging import configure_logging
from mailing.settings import Settings

MOST_TIMES = 2.0
"""How much longer a statement of the delivery may take in the full table: its indexes are a level or two deeper."""
DELIVERY = ("start of", "claim of", "flush of")

_REMARK = (
    "One process, one statement at a time, nothing else on the server. The mailing that is started, claimed and "
    "flushed is as large in the empty database as in the full one; the others in it are over. Where SELECT 1 differs, "
    "the machine was not the same, and nothing else can be compared."
)


async def measure(url: str, asked: argparse.Namespace, screen: Screen) -> Section:
    """Work, fill, work again."""
    await add_fresh_clients(asked.fresh)
    step = screen.step("In an empty database", 1)
    empty = await work(asked.questions)
    step(1)
    messages = asked.clients * asked.mailings
    advance = screen.step("Filling the table", messages)
    await fill(asked.clients, asked.mailings, asked.fresh + 1, advance)
    await settle(url)
    step = screen.step("In the full database", 1)
    full = await work(asked.questions)
    step(1)
    tables = await sizes()
    indexes = {table: await index_sizes(table) for table in ("message", "delivery_attempt")}
    return Section(
        "scale",
        f"Among {messages:,} messages",
        _figures(empty, full),
        [
            _times(empty, full),
            _sizes(tables, messages),
            *(_indexes(t, found, messages) for t, found in indexes.items()),
        ],
        _REMARK,
        measured={"tables": [asdict(size) for size in tables], "indexes": indexes},
    )


def _figures(empty: Sequence[Latencies], full: Sequence[Latencies]) -> list[Figure]:
    return [
        Figure(
            f"{now.name}: full ÷ empty",
            now.percentile(0.5) / before.percentile(0.5),
            aim=at_most(MOST_TIMES) if now.name.startswith(DELIVERY) else None,
        )
        for before, now in zip(empty, full, strict=True)
    ]


def _times(empty: Sequence[Latencies], full: Sequence[Latencies]) -> Grid:
    rows = [
        (now.name, *(f"{of.percentile(share):,.1f}" for of in (before, now) for share in (0.5, 0.99)))
        for before, now in zip(empty, full, strict=True)
    ]
    return Grid("Milliseconds", ("what", "empty: p50", "p99", "full: p50", "p99"), rows)


def _sizes(tables: Sequence[Size], messages: int) -> Grid:
    rows = [
        (
            size.table,
            f"{size.rows:,}",
            f"{size.data / 1e6:,.0f}",
            f"{size.indexes / 1e6:,.0f}",
            f"{(size.data + size.indexes) / messages:,.0f}",
        )
        for size in tables
    ]
    return Grid("Tables", ("table", "rows", "data, MB", "indexes, MB", "bytes a message"), rows)


def _indexes(table: str, found: Sequence[tuple[str, int]], messages: int) -> Grid:
    rows = [(name, f"{size / 1e6:,.0f}", f"{size / messages:,.1f}") for name, size in found]
    return Grid(f"Indexes of {table}", ("index", "MB", "bytes a message"), rows)


async def _run(url: str, asked: argparse.Namespace) -> Report:
    settings = Settings(database_url=url)
    await migrate(settings)
    async with orm.connected(settings):
        with Screen() as screen:
            section = await measure(url, asked, screen)
        return Report(Machine(), await server_version(), 0, 0, [section])


@contextmanager
def _server(parent: Path) -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="mailing-scale-", dir=parent))
    folder.chmod(0o711)  # As root, PostgreSQL runs as another user, who must pass through.
    try:
        with PostgresServer(folder / "postgres") as server:
            yield server
    finally:
        shutil.rmtree(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument("--mailings", type=int, default=10, help="that are over, each to all clients")
    parser.add_argument("--fresh", type=int, default=20_000, help="messages of the mailing that is measured")
    parser.add_argument("--questions", type=int, default=300, help="of each kind")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where its data go")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    asked = parser.parse_args(arguments)
    configure_logging(Settings(log_level="WARNING"), process="bench")
    with _server(asked.folder) as server:
        report = asyncio.run(_run(server.url, asked))
    report.show(Console(width=None if sys.stdout.isatty() else 120))
    if asked.json:
        report.write(asked.json)
    return 1 if any(figure.is_met is False for section in report.sections for figure in section.figures) else 0


if __name__ == "__main__":
    sys.exit(main())
