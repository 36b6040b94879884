"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        help="Folder of a running `mailing up`. Where MAILING_DATABASE_URL is not set, its database, Redis and "
        "provider are used together; MAILING_REDIS_URL and MAILING_PROVIDER_URL may then name no others.",
    ),
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]

DEFAULT_DATA_DIR = Path(".data")
