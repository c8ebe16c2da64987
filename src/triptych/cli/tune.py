"""`triptych tune`: a small VLM and a small LLM of one's own."""

from pathlib import Path
from typing import Literal

import click

from triptych.cli.common import CONFIGURATION, list_failures, show_warnings


@click.command("tune", short_help="Tune a small VLM and LLM on a CPU: local:vlm, local:llm.")
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A folder.  [default: that of local:vlm, local:llm]"
)
@click.option("--only", type=click.Choice(["vlm", "llm"]), help="Tune this one alone.")
@click.option("--seed", default=0, show_default=True, help="Of every random choice.")
@click.option("--overwrite", is_flag=True, help="Replace what was tuned before.")
@CONFIGURATION
def command(
    data: Path | None,
    output: Path | None,
    only: Literal["vlm", "llm"] | None,
    seed: int,
    overwrite: bool,
    preset: str,
    config: Path | None,
    settings: tuple[str, ...],
) -> int:
    """Tune SmolLM2-135M on simulated records, and on the training records of DATA where it is given.

    The VLM learns to describe pictures, through the image encoder of the configuration; the LLM to draw conclusions
    from the checked readings, for the defect book and the classes of DATA. What they are to say is written by code
    from what was measured; no label is used. Some minutes on two cores for each.
    Needs: pip install 'triptych[tune]'

    \b
      triptych tune data
      triptych train data -o model --set answers.vlm=local:vlm --set answers.llm=local:llm
      triptych tune data --only llm -o my-adapters --set answers.book=my-book.yaml
    """
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import RecordSet, ensure_splits, open_records
    from triptych.tuning.job import tune_models

    chosen = load_config(config, settings, preset)
    records = (
        ensure_splits(show_warnings(open_records(data, chosen.group)), seed).split("train") if data else RecordSet(())
    )
    done = tune_models(records, chosen, output, seed, bar, only=only, overwrite=overwrite)
    for folder in done.folders:
        click.echo(f"tuned: {folder}")
    return list_failures(done.failures, len(records))
