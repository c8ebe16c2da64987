"""`triptych agreement`: attribute agreement analysis of people, and of a model with people."""

import json
from pathlib import Path

import click

from triptych.cli.common import OVERWRITE, warn


@click.command("agreement", short_help="Measure how well appraisers agree, with one another and with a reference.")
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--appraiser",
    "appraisers",
    multiple=True,
    metavar="NAME=COLUMN,...",
    help="An appraiser and the columns of the trials (repeatable).",
)
@click.option("--reference", metavar="COLUMN", help="The column of the true labels.")
@click.option("--item", default="image", show_default=True, help="The column with the names of the items.")
@click.option("--normal", metavar="NAME", help="The class without defects.  [default: normal, ok, good or none]")
@click.option("--accepted-only", is_flag=True, help="Of a prediction table, count only accepted records.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write an .html page.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the result to this .json file.")
@OVERWRITE
def command(
    table: Path,
    appraisers: tuple[str, ...],
    reference: str | None,
    item: str,
    normal: str | None,
    accepted_only: bool,
    output: Path | None,
    json_file: Path | None,
    overwrite: bool,
) -> int:
    """Analyse the labels in the columns of TABLE (.csv or .parquet).

    A column of another file is written FILE:COLUMN; items are matched by the column --item. Shown are agreement within
    and between appraisers and against the reference, effectiveness, miss (escape) and false alarm (overkill) rates with
    exact 95% intervals beside the usual limits, and kappa. Predictions count also where the decision is review, unless
    --accepted-only is given.

    \b
      triptych agreement labels.csv --appraiser anna=anna_1,anna_2 --appraiser ben=ben_1,ben_2 --reference truth
      triptych agreement labels.csv --appraiser people=label --appraiser model=predictions.csv:label -o agreement.html
    """
    from triptych.agreement.page import agreement_page
    from triptych.agreement.ratings import read_ratings
    from triptych.agreement.statistics import analyse
    from triptych.cli.agreement_tables import show_agreement
    from triptych.errors import InputError
    from triptych.files import write_atomically
    from triptych.outputs import HTML_MARK, holding, json_with
    from triptych.records import find_normal
    from triptych.report.html import write_page
    from triptych.tables import check_output

    kinds = ((json_file, ".json", json_with("figures", "kappa")), (output, ".html", holding(HTML_MARK)))
    for path, suffix, ours in kinds:
        if path is not None:
            check_output(path, ours, [suffix], inputs=[table], overwrite=overwrite)
    named = [one.partition("=") for one in appraisers]
    if wrong := [one for one, (name, _, columns) in zip(appraisers, named, strict=True) if not name or not columns]:
        raise InputError(f"--appraiser: {wrong[0]!r} is not NAME=COLUMN; give it as anna=anna_1,anna_2")
    columns = {name: found.split(",") for name, _, found in named}
    if len(columns) < len(named) or not columns:
        raise InputError("--appraiser: give each appraiser once, with all of its columns, as anna=anna_1,anna_2")
    if len(columns) == 1 and reference is None and len(next(iter(columns.values()))) == 1:
        raise InputError("agreement: a single list of labels agrees with nothing; name a second one or a --reference")
    ratings = read_ratings(table, columns, reference, item, accepted_only=accepted_only)
    found = analyse(ratings, find_normal(ratings.labels, normal))
    warn(ratings.notes)
    show_agreement(found, len(ratings.items))
    if output is not None:
        write_page(output, agreement_page(found, ratings, str(table)), "the page")
        click.echo(f"Page: {output}")
    if json_file is not None:
        values = {"items": len(ratings.items), "notes": list(ratings.notes), **found.to_json()}
        write_atomically(json_file, json.dumps(values, indent=1).encode())
        click.echo(f"Result: {json_file}")
    return 0
