"""What several commands share."""

from collections.abc import Sequence

import click

from triptych.records import Failure, RecordSet

DONE, SOME_FAILED = 0, 1  # exit statuses


def list_failures(failures: Sequence[Failure], of: int) -> int:
    """List the inputs that failed, on standard error; the exit status that says so."""
    if not failures:
        return DONE
    click.echo(f"{len(failures)} of {of} inputs failed:", err=True)
    for failure in failures:
        click.echo(f"  {failure.id}: {failure.message}", err=True)
    return SOME_FAILED


def show_warnings(records: RecordSet) -> RecordSet:
    """Show what the source of `records` left out, and hand them on."""
    for warning in records.warnings:
        click.echo(f"warning: {warning}", err=True)
    return records
