"""`triptych train`: trains a model on labelled records."""

from pathlib import Path
from typing import Any

import click

from triptych.cli.common import CONFIGURATION, DATA, DONE, SOME_FAILED, list_failures, show_warnings, warn
from triptych.cli.promises import PROMISES, decision_settings


@click.command("train", short_help="Train a model on labelled records.")
@DATA
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The model's folder.")
@CONFIGURATION
@click.option("--seed", type=int, help="Seed of all random numbers.  [default: 0]")
@click.option("--normal", metavar="NAME", help="The class without defects.  [default: normal, ok, good or none]")
@click.option(
    "--group", metavar="COLUMN", help="The manifest's column of lots, tiles, serial numbers.  [default: group]"
)
@PROMISES
@click.option("--overwrite", is_flag=True, help="Replace the model in the output folder.")
def command(
    data: Path,
    output: Path,
    preset: str,
    config: Path | None,
    settings: tuple[str, ...],
    seed: int | None,
    normal: str | None,
    group: str | None,
    overwrite: bool,
    **wishes: Any,
) -> int:
    """Train on DATA/train/<class>/*.png, or on the rows of DATA/manifest.csv, and write the model to a folder.

    After an interruption, the same command continues where it stopped and gives the same model. Without a test split in
    DATA, a fifth of every class is set aside for `triptych evaluate`. Records of one group are never divided: they are
    all in training or all in the test.

    If VLM or LLM gave no answer for some records, the command reports this and ends with status 1. Run again, it asks
    for the missing answers and trains again. Files in the output folder that do not belong to a model are never
    overwritten.

    With --max-escape or --max-overkill, a record is released only if the training records prove the promised rate with
    95% confidence (decision.confidence); other records go to review. What the records can promise is shown first.

    \b
      triptych train data -o model
      triptych train data -o model --seed 1 --set augment.tda=none
      triptych train data -o model --preset paper --set reading.ocr=rapidocr
      triptych train data -o model --set reading.layouts=[layouts]
      triptych train parts.csv -o model --normal good --group lot
      triptych train data -o model --max-escape 2% --max-overkill 5%
    """
    import yaml

    from triptych.config import load_config
    from triptych.decision.promisable import promisable
    from triptych.progress import bar
    from triptych.records import find_normal, split_records
    from triptych.records.near_duplicates import find_near_duplicates
    from triptych.records.splits import counts_by_side
    from triptych.text import printable
    from triptych.training.job import check_training, train_model

    if seed is not None:
        settings = (*settings, f"seed={seed}")
    if normal is not None:
        settings = (*settings, f"normal={yaml.safe_dump(printable(normal))}")
    if group is not None:
        settings = (*settings, f"group={yaml.safe_dump(printable(group))}")
    settings = (*settings, *decision_settings(**wishes))
    chosen = load_config(config, settings, preset)
    everything = split_records(data, chosen.seed, chosen.group)
    records = everything.split("train")
    check_training(records, chosen, output)
    show_warnings(everything)
    for line in promisable(counts_by_side(records), find_normal(records.classes, chosen.normal), chosen.decision):
        click.echo(line)
    repeats = find_near_duplicates(everything, bar, chosen.seed)
    warn(repeats.warnings())
    done = train_model(records, chosen, output, bar, overwrite=overwrite, facts={"repeats": repeats.to_json()})
    warn(done.warnings)
    click.echo(done.message)
    for line in done.missing:
        click.echo(f"warning: {line}; run the same command again to ask for what is missing", err=True)
    return list_failures(done.failures, len(records)) or (SOME_FAILED if done.missing else DONE)
