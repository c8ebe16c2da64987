"""Options and output that several commands share."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from triptych.text import one_line

if TYPE_CHECKING:
    from triptych.answers.ask import Answers
    from triptych.model.prediction import Assessment
    from triptych.records import Failure, RecordSet

F = TypeVar("F", bound=Callable[..., Any])

DONE, SOME_FAILED = 0, 1  # exit statuses
LISTED = 100  # unused records that are listed; further ones are only counted


def options(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several arguments and options as one decorator, in the order of the help text."""

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


ALLOW_MISSING = click.option(
    "--allow-missing",
    is_flag=True,
    help="Continue without columns that the model was trained on; these records go to review.",
)
DATA = click.argument("data", type=click.Path(path_type=Path))
CONFIGURATION = options(
    click.option("--preset", default="embedded", show_default=True, help="The preset: embedded or paper."),
    click.option("--config", type=click.Path(path_type=Path), help="A YAML file with settings."),
    click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting, such as fusion.epochs=20."),
)

OCR = click.option("--ocr", default="rapidocr", show_default=True, help="The OCR engine.")
WORDS = click.option(
    "--words", multiple=True, type=click.Path(path_type=Path), help="A YAML file with further words of printed names."
)
LAYOUTS = click.option(
    "--layouts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A layout file, or a folder of layout files (repeatable), by which records are read first.",
)
LOADING = options(
    click.option("--device", help="Where the network computes: cpu, cuda, cuda:1.  [default: chosen]"),
    click.option(
        "--allow-server",
        "allow_servers",
        multiple=True,
        metavar="URL",
        help="A server that the model may talk to (repeatable). Not needed after training with it on this machine.",
    ),
    LAYOUTS,
)
OVERWRITE = click.option(
    "--overwrite", is_flag=True, help="Replace an existing file, even if it is not an earlier output."
)


def list_failures(failures: "Sequence[Failure]", of: int) -> int:
    """List the failed inputs on standard error, and return the exit status."""
    if not failures:
        return DONE
    click.echo(f"{len(failures)} of {of} inputs failed:", err=True)
    for failure in failures:
        click.echo(f"  {one_line(f'{failure.id}: {failure.message}')}", err=True)
    return SOME_FAILED


def show_missing(answers: "Iterable[Answers | None]") -> None:
    """Report on standard error how many records were judged without an answer of VLM or LLM."""
    from triptych.answers.missing import missing_answers, missing_lines

    lacking = missing_answers(each for each in answers if each is not None)
    for line in missing_lines(lacking, "these were judged without it"):
        click.echo(f"warning: {line}", err=True)


def show_warnings(records: "RecordSet") -> "RecordSet":
    """Show the warnings of `records` and their unused records, and return `records`."""
    warn(records.warnings)
    unused = records.unused
    if unused:
        click.echo(f"{len(unused)} record(s) of the data set are not used:", err=True)
    for failure in unused[:LISTED]:
        click.echo(f"  {failure.id}: {failure.message}", err=True)
    for reason, count in Counter(failure.message for failure in unused[LISTED:]).items():
        click.echo(f"  and {count} more: {reason}", err=True)
    return records


def warn(lines: "Iterable[str]") -> None:
    """Show warnings on standard error."""
    for line in lines:
        click.echo(f"warning: {one_line(line)}", err=True)


def warn_of_notes(assessments: "Iterable[Assessment]") -> None:
    """Show the notes on the pictures of assessed records, each distinct note once with the number of pictures."""
    from triptych.records import summarised

    warn(summarised((item.record.id, note) for item in assessments for note in item.notes))
