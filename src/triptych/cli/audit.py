"""`triptych audit`: finds what is wrong or suspicious in a labelled data set."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triptych.cli.common import (
    CONFIGURATION,
    DATA,
    DONE,
    OVERWRITE,
    SOME_FAILED,
    list_failures,
    show_warnings,
    warn,
)

if TYPE_CHECKING:
    from triptych.audit import Audit

KINDS = ("label-errors", "two-labels", "duplicates", "contradictions", "leaks", "batch-effects", "class-sizes")


@click.command("audit", short_help="Find label errors, duplicates, leaks and contradictions in a data set.")
@DATA
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .html page.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all findings to this .json file.")
@click.option(
    "--rows",
    type=click.Path(path_type=Path),
    help="Write a row for each record to this .csv, .parquet, .json or .jsonl file.",
)
@CONFIGURATION
@click.option("--seed", type=int, help="Seed of all random numbers.  [default: 0]")
@click.option("--normal", metavar="NAME", help="The class without defects.  [default: normal, ok, good or none]")
@click.option(
    "--group", metavar="COLUMN", help="The manifest's column of lots, tiles, serial numbers.  [default: group]"
)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(KINDS),
    help="End with status 1 if there is a finding of this kind (repeatable).",
)
@OVERWRITE
def command(
    data: Path,
    output: Path,
    json_file: Path | None,
    rows: Path | None,
    preset: str,
    config: Path | None,
    settings: tuple[str, ...],
    seed: int | None,
    normal: str | None,
    group: str | None,
    fail_on: tuple[str, ...],
    overwrite: bool,
) -> int:
    """Audit all labelled records of DATA, whatever their split, and write a page of what was found.

    It finds likely label errors; one picture with two labels; duplicates across splits, groups and folds; numbers that
    contradict one another or their plot; fields that leak the label, such as serial numbers, dates and file names;
    batch effects; and classes that are too small. Records are ranked by the doubt about their label. The status is 0
    whatever is found, unless --fail-on names a kind.

    \b
      triptych audit data -o audit.html
      triptych audit data -o audit.html --json audit.json --rows audit.csv
      triptych audit data -o audit.html --group lot --fail-on leaks --fail-on two-labels
      triptych audit data -o audit.html --set audit.experts=[readings,trees,frozen]
    """
    from triptych.audit.audit import audit_records
    from triptych.audit.page import audit_page
    from triptych.audit.summary import summary
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import labelled_records
    from triptych.records.splits import known_splits
    from triptych.report.html import write_page

    _check_outputs(data, output, json_file, rows, overwrite)
    chosen = load_config(config, (*settings, *_as_settings(seed, normal, group)), preset)
    records = show_warnings(known_splits(labelled_records(data, chosen.group)))
    audit = audit_records(records, chosen, bar)
    warn(audit.warnings)
    write_page(output, audit_page(audit, records, f"Audit of {data}"), "the audit")
    _write(audit, json_file, rows)
    for line in (*summary(audit), *(f"  {path}" for path in (output, json_file, rows) if path is not None)):
        click.echo(line)
    failed = list_failures(audit.failures, len(records))
    return SOME_FAILED if failed or any(audit.of_kind(kind) for kind in fail_on) else DONE


def _as_settings(seed: int | None, normal: str | None, group: str | None) -> list[str]:
    """The options that are settings, as `key=value`."""
    import yaml

    from triptych.text import printable

    given = {"seed": seed, "normal": normal and printable(normal), "group": group and printable(group)}
    return [f"{name}={yaml.safe_dump(value)}" for name, value in given.items() if value is not None]


def _check_outputs(data: Path, output: Path, json_file: Path | None, rows: Path | None, overwrite: bool) -> None:
    """Check, before the work is done, that all files may be written."""
    from triptych.audit.output import JSON_KEYS, ROW_COLUMNS
    from triptych.outputs import HTML_MARK, holding, json_with, table_of
    from triptych.tables import SUFFIXES, check_output

    for path, ours, suffixes in (
        (output, holding(HTML_MARK), (".html",)),
        (json_file, json_with(*JSON_KEYS), (".json",)),
        (rows, table_of(ROW_COLUMNS), SUFFIXES),
    ):
        if path is not None:
            check_output(path, ours, suffixes, inputs=[data], overwrite=overwrite)


def _write(audit: "Audit", json_file: Path | None, rows: Path | None) -> None:
    """Write the JSON file and the table, as far as they are asked for."""
    from triptych.audit.output import ROW_COLUMNS, audit_json, audit_rows
    from triptych.files import write_atomically
    from triptych.tables import write_table

    if json_file is not None:
        write_atomically(json_file, json.dumps(audit_json(audit), indent=1).encode())
    if rows is not None:
        write_table(list(audit_rows(audit)), ROW_COLUMNS, rows)
