"""`triptych tune`: tunes a small VLM and a small LLM."""

from pathlib import Path
from typing import Literal

import click

from triptych.cli.common import CONFIGURATION, list_failures, show_warnings


@click.command("tune", short_help="Tune a small VLM and LLM on a CPU: local:vlm, local:llm.")
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A folder.  [default: that of local:vlm, local:llm]"
)
@click.option("--only", type=click.Choice(["vlm", "llm"]), help="Tune only this one.")
@click.option("--seed", default=0, show_default=True, help="Seed of all random numbers.")
@click.option("--overwrite", is_flag=True, help="Replace models that were tuned before.")
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
    """Tune SmolLM2-135M on simulated records, and on the training records of DATA, if given.

    The VLM learns to describe pictures, given the features of the configured image encoder. The LLM learns to draw
    conclusions from the checked readings, for the defect book and the classes of DATA. The target texts are generated
    from measurements; no label is used. Each takes a few minutes on two cores.
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
