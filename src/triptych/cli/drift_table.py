"""Prints the drift of quantities as a table."""

from triptych.monitoring.page import HEADINGS, drift_cells
from triptych.monitoring.watch import Watched

SHOWN = 12  # rows without a drift beyond chance that are shown; `--json` and the page have all


def show_drift(found: Watched) -> None:
    """Print the drift of each quantity, the clearest first; those beyond chance in bold."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drifted = found.drifted
    rows = [*drifted, *[drift for drift in found.drift if drift not in drifted][:SHOWN]]
    if not rows:
        return
    table = Table(title="Drift", title_justify="left", box=SIMPLE_HEAD)
    for place, name in enumerate(HEADINGS):
        table.add_column(name, justify="right" if place else "left")
    for drift in rows:
        table.add_row(*map(escape, drift_cells(drift)), style="bold" if drift in drifted else None)
    Console().print(table)
