"""`triptych predict`: predicts classes and decisions for new pictures."""

from pathlib import Path
from typing import Any

import click

from triptych.cli.common import ALLOW_MISSING, LOADING, OVERWRITE, list_failures, show_warnings, warn


@click.command("predict", short_help="Classify pictures and decide: accept or review.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A .csv, .parquet or .jsonl file.")
@click.option("--explain", is_flag=True, help="Add probabilities by expert (p_CLASS@EXPERT), and reasons in words.")
@ALLOW_MISSING
@LOADING
@OVERWRITE
def command(
    model: Path,
    paths: tuple[Path, ...],
    output: Path,
    explain: bool,
    allow_missing: bool,
    overwrite: bool,
    **loading: Any,
) -> int:
    """Classify the pictures PATHS with the model in the folder MODEL.

    PATHS are files and folders of pictures, or one manifest (.csv or .parquet), or the folder of a manifest. The output
    has one row per input, in order; an input that cannot be read has an `error` and the decision `review`. Finished
    rows are kept: after an interruption, the same command continues where it stopped. An earlier table of predictions
    is replaced, any other file only with --overwrite, and an input never.

    \b
      triptych predict model pictures/ -o predictions.csv
      triptych predict model a.png b.png -o predictions.jsonl
      triptych predict model lot-17.csv -o predictions.parquet
      triptych predict model pictures/ -o predictions.csv --explain
      triptych predict model pictures/ -o predictions.csv --layouts layouts
    """
    from triptych.cache import digest
    from triptych.classifier import DefectClassifier
    from triptych.evaluation.predictions import is_prediction_table, predict_table
    from triptych.model.folder import model_mark
    from triptych.records.sources import input_records
    from triptych.tables import check_output

    check_output(output, is_prediction_table, inputs=paths, overwrite=overwrite)
    classifier = DefectClassifier.load(model, progress=True, **loading).set_params(allow_missing=allow_missing)
    records = input_records(paths, classifier.model_.config.group)
    records = show_warnings(classifier.match(records, ", ".join(map(str, paths[:3]))))
    layouts = [layout.mark for layout in classifier.model_.state.given or ()]
    mark = digest(model_mark(model), str(allow_missing), *layouts)
    done = predict_table(classifier, records, output, mark, explain=explain)
    warn([*done.notes, *done.missing])
    if done.taken_over:
        click.echo(f"{done.taken_over} of {len(records)} rows were finished by an interrupted run and are kept")
    review = len(records) - done.accepted
    click.echo(f"{done.accepted} of {len(records)} records accepted, {review} to review; table in {output}")
    return list_failures(done.failures, len(records))
