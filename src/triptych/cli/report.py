"""`triptych report`: writes the report of a model on labelled records."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import ALLOW_MISSING, LOADING, OVERWRITE, list_failures, warn

if TYPE_CHECKING:
    from triptych.config import Config
    from triptych.report.audit_section import AuditSection


@click.command("report", short_help="Write the report of a model as one HTML file.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .html file.")
@click.option("--split", default="test", show_default=True, help="The split of DATA to report on.")
@click.option("--group", metavar="COLUMN", help="The manifest's column of groups.  [default: the model's]")
@click.option("--title", help="The heading.  [default: DATA and the split]")
@click.option(
    "--audit", is_flag=True, help="Audit all labelled records of DATA, too; it takes about as long as training."
)
@click.option(
    "--learning-curve",
    type=click.Path(path_type=Path),
    help="Draw the learning curve in this accuracy.json of `triptych benchmark accuracy`.",
)
@ALLOW_MISSING
@LOADING
@OVERWRITE
def command(
    model: Path,
    data: Path,
    output: Path,
    split: str,
    group: str | None,
    title: str | None,
    audit: bool,
    learning_curve: Path | None,
    allow_missing: bool,
    overwrite: bool,
    **loading: Any,
) -> int:
    """Write the report of the model in the folder MODEL on a split of DATA.

    It holds scores with intervals, what is promised and on how many records, operating points, reliability, the
    confusion matrix, the experts and their weights, training curves, the alignment of image and texts, wrong and
    doubtful records, and the settings. A number of the confusion matrix opens its records. It is one file: it opens
    from disk and loads nothing.

    \b
      triptych report model data -o report.html
      triptych report model audit-lot.csv --title "Lot 17" -o lot-17.html
      triptych report model data -o report.html --audit --learning-curve results/accuracy.json
    """
    from triptych.classifier import DefectClassifier
    from triptych.cli.evaluated import evaluated, failures_of
    from triptych.outputs import HTML_MARK, holding
    from triptych.report.build import report_data
    from triptych.report.html import write_report
    from triptych.report.learning_curve import load_learning_curve
    from triptych.tables import check_output

    check_output(output, holding(HTML_MARK), [".html"], inputs=[data], overwrite=overwrite)
    curve = None if learning_curve is None else load_learning_curve(learning_curve)
    classifier = DefectClassifier.load(model, progress=True, **loading).set_params(allow_missing=allow_missing)
    trained = classifier.model_
    found = _audit(data, trained.config, group) if audit else None
    result = evaluated(classifier, data, split, group)
    heading = title or f"{data}, {split} records"
    write_report(output, report_data(trained, result, heading, learning_curve=curve, audit=found))
    click.echo(f"Report: {output}")
    return list_failures(failures_of(result), len(result.assessments))


def _audit(data: Path, config: "Config", group: str | None) -> "AuditSection":
    """The audit of all labelled records of DATA with the settings of the model; warnings go to standard error."""
    from triptych.audit import audit_records
    from triptych.audit.report_section import report_section
    from triptych.progress import bar
    from triptych.records import labelled_records
    from triptych.records.splits import known_splits

    found = audit_records(known_splits(labelled_records(data, group or config.group)), config, bar)
    warn(found.warnings)
    return report_section(found)
