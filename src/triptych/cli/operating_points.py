"""`triptych operating-points`: what a model can promise, and what each promise costs in reviews."""

import json
from pathlib import Path
from typing import Any

import click

from triptych.cli.common import OVERWRITE
from triptych.cli.promises import PROMISES, decision_settings


@click.command("operating-points", short_help="Show which escape and overkill rates a model can promise.")
@click.argument("model", type=click.Path(path_type=Path))
@PROMISES
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write an .html page with curves.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the points to this .json file.")
@click.option("--apply", is_flag=True, help="Use the given promise or costs in the model from now on.")
@OVERWRITE
def command(
    model: Path, output: Path | None, json_file: Path | None, apply: bool, overwrite: bool, **wishes: Any
) -> int:
    """Show what the model in the folder MODEL can promise.

    A table lists promised rates, the share of the records that go to review for them, and the errors that were seen.
    All of it comes from out-of-fold probabilities of the training records: no expert had seen the record. Records that
    go to review for other reasons, such as a problem of the reading, are not counted.

    \b
      triptych operating-points model
      triptych operating-points model --max-escape 1% -o points.html
      triptych operating-points model --max-escape 2% --apply
    """
    from triptych.cli.operating_tables import show_point, show_rows
    from triptych.decision.operating_table import outcomes_at
    from triptych.errors import TriptychError
    from triptych.files import write_atomically
    from triptych.model.folder import change_settings, load_model
    from triptych.outputs import HTML_MARK, holding, json_with
    from triptych.report.html import write_page
    from triptych.report.operating_charts import points_of
    from triptych.report.operating_points import operating_page
    from triptych.tables import check_output

    kinds = ((json_file, ".json", json_with("escape", "overkill", "point")), (output, ".html", holding(HTML_MARK)))
    for path, suffix, ours in kinds:
        if path is not None:
            check_output(path, ours, [suffix], inputs=[model], overwrite=overwrite)
    settings = decision_settings(**wishes)
    if apply and not settings:
        raise TriptychError("operating-points: --apply needs a promise or costs, such as --max-escape 1%")
    found = load_model(model).with_settings(settings) if settings else load_model(model)
    points = points_of(found)
    outcomes = outcomes_at(found.point, points.evidence, found.counts, found.config.decision)
    show_point(found.point, outcomes)
    for side, rows in points.rows.items():
        show_rows(side, rows)
    if json_file is not None:
        values = {side: [row.to_json() for row in rows] for side, rows in points.rows.items()}
        point = {**(found.point.to_json() if found.point else {}), "outcomes": outcomes.to_json()}
        write_atomically(json_file, json.dumps({**values, "point": point}, indent=1).encode())
        click.echo(f"Points: {json_file}")
    if output is not None:
        write_page(output, operating_page(found, points, outcomes, str(model)), "the operating points")
        click.echo(f"Page: {output}")
    if apply:
        change_settings(model, settings)
        click.echo(f"{model} decides by this point from now on")
    return 0
