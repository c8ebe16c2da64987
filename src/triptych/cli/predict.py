"""`triptych predict`: classes and decisions for new pictures."""

from pathlib import Path

import click

from triptych.cli.common import ALLOW_MISSING, list_failures, show_warnings, warn_of_notes


@click.command("predict", short_help="Classify pictures and decide: accept or review.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A .csv, .parquet or .jsonl file.")
@ALLOW_MISSING
def command(model: Path, paths: tuple[Path, ...], output: Path, allow_missing: bool) -> int:
    """Classify the pictures PATHS with the model in the folder MODEL.

    PATHS are files, folders of pictures, or a manifest (.csv or .parquet). One row per input, in order; an input that
    cannot be read has an `error` and the decision `review`.

    \b
      triptych predict model pictures/ -o predictions.csv
      triptych predict model a.png b.png -o predictions.jsonl
      triptych predict model lot-17.csv -o predictions.parquet
    """
    from triptych.evaluation.predictions import prediction_columns, prediction_row
    from triptych.records import Failure
    from triptych.records.sources import input_records
    from triptych.tables import check_output, write_table
    from triptych.training import DefectClassifier

    check_output(output)
    records = input_records(paths)
    classifier = DefectClassifier.load(model, progress=True).set_params(allow_missing=allow_missing)
    records = show_warnings(classifier.match(records, ", ".join(map(str, paths[:3]))))
    assessments = classifier.assess(records)
    warn_of_notes(assessments)
    classes = classifier.model_.classes
    write_table([prediction_row(item) for item in assessments], prediction_columns(classes), output)
    accepted = sum(item.decision.verdict == "accept" for item in assessments)
    click.echo(f"{accepted} of {len(records)} records accepted, {len(records) - accepted} to review; table in {output}")
    return list_failures([Failure(item.record.id, item.error) for item in assessments if item.error], len(records))
