"""Prints scores as a table."""

from triptych.evaluation.metrics import Scores
from triptych.text import one_line


def show_scores(scores: Scores) -> None:
    """Print macro-F1 and the F1 of every class for both tasks, in percent."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"{scores.n} records, F1 in percent", title_justify="left")
    table.add_column("class")
    table.add_column("F1", justify="right")
    table.add_row("[bold]macro, all classes[/]", f"[bold]{scores.macro_f1:.1f}[/]")
    for name, value in scores.f1.items():
        table.add_row(f"  {escape(one_line(name))}", _percent(value))
    if scores.binary is not None:
        table.add_row("[bold]macro, normal or defective[/]", f"[bold]{scores.binary.macro_f1:.1f}[/]")
        for name, value in scores.binary.f1.items():
            table.add_row(f"  {escape(one_line(name))}", _percent(value))
    Console().print(table)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
