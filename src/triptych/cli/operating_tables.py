"""Prints operating points as tables."""

from collections.abc import Sequence

import click

from triptych.decision.operating_point import WORDS, OperatingPoint, Side
from triptych.decision.operating_table import OperatingRow
from triptych.decision.outcomes import Outcomes
from triptych.report.operating_charts import HEADINGS, row_cells


def show_point(point: OperatingPoint | None, outcomes: Outcomes) -> None:
    """Print the promises of the model's operating point, and its reviews."""
    if point is None:
        click.echo("The model promises no rate: a record is released from decision.accept_above on.")
    for promise in point.promises.values() if point else ():
        click.echo(f"{'Refused' if promise.threshold is None else 'Promised'}: {promise.in_words()}")
    review = outcomes.review
    if review.share is not None:
        click.echo(f"Review: {review.count} of {review.records} held-out training records, {100 * review.share:.1f}%")


def show_rows(side: Side, rows: Sequence[OperatingRow]) -> None:
    """Print the table of the points that promise a rate of one kind of error."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    if not rows:
        click.echo(f"No {side} rate can be promised: there are no {WORDS[side][0]} records.")
        return
    possible = rows[0].point.promises[side].records
    title = f"{side}, from {possible} {WORDS[side][0]} records; released if p({WORDS[side][1]}) is above"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in HEADINGS:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*row_cells(side, row))
    Console().print(table)
