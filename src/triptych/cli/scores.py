"""Prints scores as a table, and what became of the records."""

from collections.abc import Sequence

import click

from triptych.decision.outcomes import Rate
from triptych.evaluation.evaluate import Evaluation
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


def show_decisions(result: Evaluation, promises: Sequence[str]) -> None:
    """Print calibration, the rates of escapes, overkill and review, and what was promised."""
    quality, found = result.calibration, result.outcomes
    error = f"{100 * quality.calibration_error:.1f}%"
    click.echo(f"Log loss {quality.log_loss:.3f}, Brier score {quality.brier:.3f}, expected calibration error {error}")
    click.echo(f"Review: {in_words(found.review, 'records')}")
    if found.escapes.records or found.overkill.records:
        click.echo(f"Escapes: {in_words(found.escapes, 'defective records')}")
        click.echo(f"Overkill: {in_words(found.overkill, 'normal records')}")
    for sentence in promises:
        click.echo(f"Promised: {sentence}")


def in_words(rate: Rate, of: str) -> str:
    """The rate in words, with its interval, in percent and in parts per million."""
    if rate.share is None:
        return f"no {of}"
    found = rate.interval()
    return (
        f"{rate.count} of {rate.records} {of}, {100 * rate.share:.2f}% ({1e6 * rate.share:,.0f} ppm), 95% interval "
        f"{100 * found.low:.2f} to {100 * found.high:.2f}%"
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
