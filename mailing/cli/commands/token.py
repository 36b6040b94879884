"""`mailing token`: `create`, `list` and `revoke`."""

from typing import Annotated, Literal

import typer

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir

app = typer.Typer(help="API tokens, which let programs in where sign-in is on.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What it is for: 1 to 100 characters.")],
    role: Annotated[
        Literal["viewer", "operator", "admin"],
        typer.Option(help="What the program may do: read; also run mailings and look after clients; everything."),
    ],
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3_650, help="Without it the token is good until it is revoked.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Make a token, and print it. Nobody can read it again.

    Standard output has the token alone, so that it can go straight to where it is kept.
    """
    settings = settings_for(data_dir, beside=True)
    from mailing.cli.access_tokens import create_token

    create_token(settings, name, role, expires_in_days)


@app.command("list")
def list_(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Show all tokens, also those that are revoked or have expired."""
    settings = settings_for(data_dir, beside=True)
    from mailing.cli.access_tokens import list_tokens

    list_tokens(settings)


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="Which one, as the list names it: token_7.")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Take a token back for good. Whoever shows it is refused from now on."""
    settings = settings_for(data_dir, beside=True)
    from mailing.cli.access_tokens import revoke_token

    revoke_token(settings, id)
