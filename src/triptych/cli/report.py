"""`triptych report`: writes the report of a model on labelled records."""

from pathlib import Path
from typing import Any

import click

from triptych.cli.common import ALLOW_MISSING, LOADING, OVERWRITE, list_failures


@click.command("report", short_help="Write the report of a model as one HTML file.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .html file.")
@click.option("--split", default="test", show_default=True, help="The split of DATA to report on.")
@click.option("--group", metavar="COLUMN", help="The manifest's column of groups.  [default: the model's]")
@click.option("--title", help="The heading.  [default: DATA and the split]")
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
    allow_missing: bool,
    overwrite: bool,
    **loading: Any,
) -> int:
    """Write the report of the model in the folder MODEL on a split of DATA.

    It holds scores with intervals, what is promised and on how many records, operating points, reliability, the
    confusion matrix, the experts and their weights, training curves, wrong and doubtful records, and the settings. It
    is one file: it opens from disk and loads nothing.

    \b
      triptych report model data -o report.html
      triptych report model audit-lot.csv --title "Lot 17" -o lot-17.html
    """
    from triptych.classifier import DefectClassifier
    from triptych.cli.evaluated import evaluated, failures_of
    from triptych.outputs import HTML_MARK, holding
    from triptych.report.build import report_data
    from triptych.report.html import write_report
    from triptych.tables import check_output

    check_output(output, holding(HTML_MARK), [".html"], inputs=[data], overwrite=overwrite)
    classifier = DefectClassifier.load(model, progress=True, **loading).set_params(allow_missing=allow_missing)
    result = evaluated(classifier, data, split, group)
    write_report(output, report_data(classifier.model_, result, title=title or f"{data}, {split} records"))
    click.echo(f"Report: {output}")
    return list_failures(failures_of(result), len(result.assessments))
