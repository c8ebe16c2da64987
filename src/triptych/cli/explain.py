"""`triptych explain`: the reasons for the decisions on some records, as a page."""

import json
from pathlib import Path
from typing import Any

import click

from triptych.cli.common import ALLOW_MISSING, LOADING, OVERWRITE, list_failures, show_warnings

MOST = 50  # records on one page


@click.command("explain", short_help="Say why a model decides as it does on some records.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .html page.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write the reasons to this .json file.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="The training data, to show the pictures of the nearest training records.  [default: looked for around PATHS]",
)
@ALLOW_MISSING
@LOADING
@OVERWRITE
def command(
    model: Path,
    paths: tuple[Path, ...],
    output: Path,
    json_file: Path | None,
    data: Path | None,
    allow_missing: bool,
    overwrite: bool,
    **loading: Any,
) -> int:
    """Explain the decisions of the model in the folder MODEL on at most 50 records.

    The page shows the part of each expert, a heat map of each expert that sees the picture, the readings that moved the
    decision with their usual range, the smallest change of one reading that would turn it, and the nearest training
    records. Their pictures are shown if they lie around PATHS, or in the folder or manifest given by --data, and have
    not changed since the training; the model does not store them. A record takes about 0.2 s more than its prediction.

    \b
      triptych explain model a.png -o why.html
      triptych explain model a.png b.png -o why.html --json why.json
      triptych explain model new-pictures/ -o why.html --data data
    """
    from triptych.classifier import DefectClassifier
    from triptych.errors import InputError
    from triptych.explain.explained import explain_records
    from triptych.explain.training_pictures import TrainingPictures
    from triptych.files import write_atomically
    from triptych.outputs import HTML_MARK, holding, json_with
    from triptych.progress import bar
    from triptych.records.sources import input_records, open_records
    from triptych.report.explanation_page import explanation_page
    from triptych.report.html import write_page
    from triptych.tables import check_output

    for path, suffix, ours in ((output, ".html", holding(HTML_MARK)), (json_file, ".json", json_with("records"))):
        if path is not None:
            check_output(path, ours, [suffix], inputs=paths, overwrite=overwrite)
    classifier = DefectClassifier.load(model, **loading).set_params(allow_missing=allow_missing)
    records = input_records(paths, classifier.model_.config.group)
    if len(records) > MOST:
        raise InputError(f"explain: {len(records)} records were given; a page explains at most {MOST}")
    records = show_warnings(classifier.match(records, ", ".join(map(str, paths[:3]))))
    pictures = TrainingPictures.near(records, None if data is None else open_records(data))
    found = explain_records(classifier.model_, records, bar)
    for one in found.explained:
        click.echo(f"{one.id}: {one.explanation.sentence()}. {one.explanation.turned()}.")
    if found.explained:
        page = explanation_page(found.explained, f"Why, by {model}", classifier.model_.decoder, pictures)
        write_page(output, page, "the page")
        click.echo(f"Page: {output}")
    if json_file is not None:
        values = {one.id: one.to_json() for one in found.explained}
        write_atomically(json_file, json.dumps({"records": values}, indent=1).encode())
        click.echo(f"Reasons: {json_file}")
    return list_failures(found.failures, len(records))
