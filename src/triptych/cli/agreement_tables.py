"""Prints an attribute agreement analysis."""

import click

from triptych.agreement.page import HEADINGS, figure_cells
from triptych.agreement.statistics import LIMITS, Agreement

SHOWN = 10  # disputed items that are listed; `--json` has all


def show_agreement(found: Agreement, items: int) -> None:
    """Print the shares with their intervals and verdicts, kappas, and disputed items."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"Agreement on {items} items", title_justify="left", box=SIMPLE_HEAD)
    for name in HEADINGS:
        table.add_column(name, no_wrap=name != "verdict", overflow="fold")
    for figure in found.figures:
        what, *cells = figure_cells(figure)
        table.add_row(escape(what), *cells)
    console = Console()
    console.print(table)
    limits = ", ".join(f"{name} {100 * good:g}% and {100 * fair:g}%" for name, (good, fair) in LIMITS.items())
    click.echo(f"Usual limits of errors, acceptable and marginal: {limits}")
    for name, kappa in found.kappas.items():
        click.echo(f"Kappa of {name}: {'undefined' if kappa is None else f'{kappa:.2f}'}")
    for one, other, count in found.confused:
        click.echo(f"{one} and {other} were given to the same item {count} time{'s' if count > 1 else ''}")
    if found.disputed:
        more = f" and {len(found.disputed) - SHOWN} more" if len(found.disputed) > SHOWN else ""
        click.echo(f"Disputed: {', '.join(found.disputed[:SHOWN])}{more}")
