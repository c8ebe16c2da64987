"""`triptych watch`: says when new records no longer are like the training records."""

import json
from pathlib import Path
from typing import Any

import click

from triptych.cli.common import ALLOW_MISSING, DONE, LOADING, OVERWRITE, SOME_FAILED, list_failures, show_warnings


@click.command("watch", short_help="Say when new records are no longer like the training records.")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--state", type=click.Path(path_type=Path), help="A .jsonl file in which the stream is continued.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write an .html page of evidence and drift.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the result to this .json file.")
@click.option("--fail-on-alarm", is_flag=True, help="End with status 1 if there is an alarm.")
@ALLOW_MISSING
@LOADING
@OVERWRITE
def command(
    model: Path,
    paths: tuple[Path, ...],
    state: Path | None,
    output: Path | None,
    json_file: Path | None,
    fail_on_alarm: bool,
    allow_missing: bool,
    overwrite: bool,
    **loading: Any,
) -> int:
    """Compare new records, in order, with the training records of the model in the folder MODEL.

    A conformal test martingale watches every reading and the pictures. While nothing changes, it ever alarms with a
    probability of at most monitoring.level (5%). After an alarm, promises of the model no longer hold. A table shows
    the drift of each reading in its own unit. Labels are not needed. Pictures that were in training, or in the stream
    before, are left out and counted.

    \b
      triptych watch model new-pictures/
      triptych watch model lot-17.csv --state stream.jsonl -o watch.html
    """
    from triptych.classifier import DefectClassifier
    from triptych.cli.drift_table import show_drift
    from triptych.files import write_atomically
    from triptych.monitoring.page import summary, watch_page
    from triptych.monitoring.stream import append_to_stream, load_stream
    from triptych.monitoring.watch import read_stream, reference_of, watch
    from triptych.outputs import HTML_MARK, holding, json_with
    from triptych.progress import bar
    from triptych.records import Failure
    from triptych.records.sources import input_records
    from triptych.report.html import write_page
    from triptych.tables import check_output

    for path, suffix, ours in (
        (json_file, ".json", json_with("alarm", "evidence", "drift")),
        (output, ".html", holding(HTML_MARK)),
    ):
        if path is not None:
            check_output(path, ours, [suffix], inputs=paths, overwrite=overwrite)
    classifier = DefectClassifier.load(model, **loading).set_params(allow_missing=allow_missing)
    trained = classifier.model_
    reference_of(trained)
    seen = load_stream(state) if state else []
    records = input_records(paths, trained.config.group)
    records = show_warnings(classifier.match(records, ", ".join(map(str, paths[:3]))))
    items = list(read_stream(trained, records, seen, bar))
    failures = [item for item in items if isinstance(item, Failure)]
    new = [item for item in items if not isinstance(item, Failure)]
    if repeats := len(records) - len(items):
        click.echo(f"{repeats} of {len(records)} pictures were in training or in the stream before, and do not count")
    if state:
        append_to_stream(state, new)
    found = watch(trained, [*seen, *new])
    click.echo(summary(found))
    show_drift(found)
    if json_file is not None:
        write_atomically(json_file, json.dumps(found.to_json(), indent=1).encode())
        click.echo(f"Result: {json_file}")
    if output is not None:
        write_page(output, watch_page(found, str(model)), "the page")
        click.echo(f"Page: {output}")
    status = list_failures(failures, len(records))
    return SOME_FAILED if fail_on_alarm and found.alarm is not None else status or DONE
