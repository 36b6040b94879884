"""What `mailing up` shows: steps while it starts, the addresses when it runs, a line when a part dies."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

console = Console(highlight=False)


@contextmanager
def step(what: str) -> Iterator[None]:
    """A spinner on a terminal, a line elsewhere, while the body runs."""
    if not console.is_terminal:
        console.print(f"{what} …", soft_wrap=True)
        yield
        return
    with console.status(f"{what} …"):
        yield
    console.print(f"[green]✓[/green] {what}")


def report(line: str) -> None:
    console.print(Text.assemble(("mailing up │ ", "bold yellow"), line), soft_wrap=True)


def show_addresses(addresses: Mapping[str, str]) -> None:
    if not console.is_terminal:
        for name, address in addresses.items():
            console.print(f"{name}: {address}", soft_wrap=True, markup=False)
        console.print("Ctrl-C stops everything")
        return
    table = Table.grid(padding=(0, 2))
    for name, address in addresses.items():
        table.add_row(Text(name, style="bold"), Text(address, style="cyan", overflow="fold"))
    console.print(Panel(table, title="mailing is up", subtitle="Ctrl-C stops everything", expand=False))
