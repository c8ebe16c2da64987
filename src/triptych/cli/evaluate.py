"""`triptych evaluate`: scores a model on labelled records."""

import json
from pathlib import Path
from typing import Any

import click

from triptych.cli.common import (
    ALLOW_MISSING,
    LOADING,
    OVERWRITE,
    list_failures,
    show_missing,
)


@click.command("evaluate", short_help="Score a model on labelled records.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--split", default="test", show_default=True, help="The split of DATA to score.")
@click.option("--group", metavar="COLUMN", help="The manifest's column of groups.  [default: the model's]")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the scores to this .json file.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write an .html report: scores, curves, wrong and doubtful records.",
)
@ALLOW_MISSING
@LOADING
@OVERWRITE
def command(
    model: Path,
    data: Path,
    split: str,
    group: str | None,
    json_file: Path | None,
    report: Path | None,
    allow_missing: bool,
    overwrite: bool,
    **loading: Any,
) -> int:
    """Score the model in the folder MODEL on a split of DATA: macro-F1 and F1 per class, in percent.

    Also shown: the log loss, the expected calibration error, and the shares of escapes (defective records accepted as
    normal), of overkill (normal records accepted as defective) and of review, with exact 95% intervals.

    \b
      triptych evaluate model data
      triptych evaluate model data --json scores.json --report report.html
    """
    from triptych.answers.missing import missing_answers
    from triptych.classifier import DefectClassifier
    from triptych.cli.evaluated import evaluated, failures_of
    from triptych.cli.scores import show_decisions, show_scores
    from triptych.files import write_atomically
    from triptych.outputs import HTML_MARK, holding, json_with
    from triptych.report.build import report_data
    from triptych.report.html import write_report
    from triptych.tables import check_output

    kinds = ((json_file, ".json", json_with("n", "macro_f1", "confusion")), (report, ".html", holding(HTML_MARK)))
    for path, suffix, ours in kinds:
        if path is not None:
            check_output(path, ours, [suffix], inputs=[data], overwrite=overwrite)
    classifier = DefectClassifier.load(model, progress=True, **loading).set_params(allow_missing=allow_missing)
    result = evaluated(classifier, data, split, group)
    show_scores(result.scores)
    show_decisions(result, classifier.model_.promises)
    show_missing(item.answers for item in result.assessments)
    if json_file is not None:
        lacking = missing_answers(item.answers for item in result.assessments if item.answers)
        values = result.to_json() | {"promises": classifier.model_.promises, "missing_answers": lacking}
        write_atomically(json_file, json.dumps(values, indent=1).encode())
        click.echo(f"Scores: {json_file}")
    if report is not None:
        write_report(report, report_data(classifier.model_, result, title=f"{data}, {split} records"))
        click.echo(f"Report: {report}")
    return list_failures(failures_of(result), len(result.assessments))
