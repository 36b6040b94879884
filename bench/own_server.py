"""A PostgreSQL of a bench's own, which goes away with it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailing.embedded.postgres import PostgresServer


@contextmanager
def own_server(name: str, *, fast: bool) -> Iterator[PostgresServer]:
    """`fast`: it waits for no disk, as none that holds anything of worth may."""
    folder = Path(tempfile.mkdtemp(prefix=f"mailing-{name}-"))
    folder.chmod(0o711)  # As root, PostgreSQL runs as another user, who must pass through.
    try:
        with PostgresServer(folder / "postgres", fast=fast) as server:
            yield server
    finally:
        shutil.rmtree(folder)
