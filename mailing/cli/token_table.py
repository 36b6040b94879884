"""How `mailing token list` shows tokens: a table on a terminal, lines with tabs elsewhere."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.table import Column, Table
from rich.text import Text

from mailing.cli.screen import console
from mailing.models import AccessToken

_COLUMNS = ("token", "name", "begins with", "role", "made", "last used", "state")


def show_tokens(tokens: Sequence[AccessToken], now: datetime) -> None:
    """One row each; `now` decides which have expired."""
    rows = [_row(token, now) for token in tokens]
    if not console.is_terminal:
        print("\n".join("\t".join(row) for row in (_COLUMNS, *rows)))
        return
    if not rows:
        console.print("There are no tokens; `mailing token create` makes one.", markup=False)
        return
    table = Table(*(Column(name, overflow="fold") for name in _COLUMNS))
    for row, token in zip(rows, tokens, strict=True):
        table.add_row(*map(Text, row), style=None if _is_good(token, now) else "dim")
    console.print(table)


def minute(at: datetime) -> str:
    """A moment as people read it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _row(token: AccessToken, now: datetime) -> tuple[str, ...]:
    return (
        f"token_{token.id}",
        token.name,
        f"{token.start}…",
        token.role.name.lower(),
        f"{token.created_at.astimezone(UTC):%Y-%m-%d} by {_printable(token.created_by_name)}",
        minute(token.last_used_at) if token.last_used_at else "never",
        _state(token, now),
    )


def _state(token: AccessToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return f"revoked {minute(token.revoked_at)}"
    if token.expires_at is None:
        return "good"
    return f"{'good until' if _is_good(token, now) else 'expired'} {minute(token.expires_at)}"


def _is_good(token: AccessToken, now: datetime) -> bool:
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)


def _printable(text: str) -> str:
    """An issuer may call somebody anything; a terminal obeys some of it."""
    return "".join(c if c.isprintable() else "?" for c in text)
