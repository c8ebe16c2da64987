"""`triptych benchmark`: the paper's tables, and a comparison with other methods, measured over several seeds."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import CONFIGURATION, OVERWRITE, options
from triptych.text import ERRORS

if TYPE_CHECKING:
    from triptych.config import Config
    from triptych.evaluation.methods import Method
    from triptych.evaluation.protocol import SplitOf
    from triptych.evaluation.runs import Run, RunStore
    from triptych.evaluation.variants import Table


@click.group("benchmark", short_help="Reproduce the paper's tables, and compare accuracy with other methods.")
def command() -> None:
    """Reproduce the paper's tables, and compare accuracy with other methods, over several seeds, with 95% intervals.

    Without DATA, every seed draws its own simulated records. With DATA, every seed draws a new split of all labelled
    records, 2 in 7 of each class for the test. Finished runs are kept below OUT: after an interruption, the same
    command continues. Runs are identified by records and settings; after a change of the code, --again repeats them.

    \b
      triptych benchmark accuracy -o results
      triptych benchmark ablation -o results
      triptych benchmark peers -o results --seeds 0-4
    """


_shared = options(
    click.argument("data", required=False, type=click.Path(path_type=Path)),
    click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The folder of results."),
    click.option("--seeds", default="0-4", show_default=True, help="The seeds, such as 0-4 or 0,3,7."),
    CONFIGURATION,
    click.option("--again", is_flag=True, help="Repeat the runs of other commits of the code."),
    click.option("--dry-run", is_flag=True, help="Only list finished and missing runs."),
    OVERWRITE,
)
_records = click.option("--records", default=455, show_default=True, help="Simulated records per seed.")


@command.command("ablation", short_help="Tables 3, 4 and 5: the effect of each part.")
@_shared
@_records
def ablation(**options: Any) -> None:
    """Tables 3 to 5: PFA, CMAF and TDA on and off, alignment schedules, fusion methods.

    Writes OUT/ablation.md and OUT/ablation.json.

    \b
      triptych benchmark ablation -o results
      triptych benchmark ablation data -o results --seeds 0-9 --set encoders.readings=false
    """
    from triptych.evaluation.variants import ABLATION_TABLES, ABLATION_VARIANTS

    _measure("ablation", "Ablations", ABLATION_VARIANTS, ABLATION_TABLES, **options)


@command.command("peers", short_help="Table 2: other methods under the same protocol.")
@_shared
@_records
@click.option(
    "--peer",
    "names",
    multiple=True,
    metavar="NAME",
    help="Run only this peer (repeatable).  [default: all installed]",
)
def peers(names: tuple[str, ...], **options: Any) -> None:
    """Table 2: Triptych and other methods on the same splits.

    Peers get the picture that Triptych's image encoder gets. Some need an extra: pip install 'triptych[peers]'.
    Writes OUT/peers.md and OUT/peers.json.

    \b
      triptych benchmark peers -o results
      triptych benchmark peers data -o results --peer lite0-frozen --peer xie
    """
    from triptych.evaluation.peers import PAPER_SPECS, chosen_peers
    from triptych.evaluation.variants import PEER_VARIANTS, peer_table

    chosen = chosen_peers(names, PAPER_SPECS)
    _measure("peers", "Peers", (*chosen, *PEER_VARIANTS), (peer_table(),), **options)


@command.command("accuracy", short_help="Compare Triptych with peers that use numbers, texts and pictures.")
@_shared
@click.option("--splits", type=click.Path(path_type=Path), help="A table with the splits of DATA: seed, image, split.")
@click.option(
    "--system", "names", multiple=True, metavar="NAME", help="Run only this method (repeatable).  [default: all]"
)
@click.option("--curve", default="40,80,160", show_default=True, help="Training sizes of the learning curve, or none.")
@click.option("--title", default="Accuracy", show_default=True, help="Title of the page.")
@click.option("--note", default="", help="A note for the page, such as the source of the data.")
def accuracy(
    names: tuple[str, ...],
    curve: str,
    title: str,
    note: str,
    data: Path | None,
    splits: Path | None,
    output: Path,
    seeds: str,
    preset: str,
    config: Path | None,
    settings: tuple[str, ...],
    again: bool,
    dry_run: bool,
    overwrite: bool,
) -> None:
    """Triptych and other methods on the same splits: scores, paired differences, learning curves.

    Without DATA, every seed draws 325 simulated training records and 2,000 test records. Peers get the readings that
    were read from the picture or came with the record, its texts, its picture, or all of them. Their settings are
    cross-validated on the training records. Those called own-... get Triptych's features and drawn records instead.
    AutoGluon-Tabular runs if TRIPTYCH_AUTOGLUON names the Python of an environment that has it. Writes OUT/accuracy.md
    and OUT/accuracy.json, with macro-F1 and log loss.

    \b
      triptych benchmark accuracy -o results
      triptych benchmark accuracy data --splits splits.csv -o results --system triptych --system readings-svm
    """
    from triptych.config import load_config
    from triptych.evaluation.accuracy import TEST, TITLES, TRAIN, chosen_systems, every_method
    from triptych.evaluation.environment import environment
    from triptych.evaluation.protocol import data_splits, given_splits, simulated_splits
    from triptych.evaluation.runs import RunStore
    from triptych.evaluation.standings import Standings, as_json, page
    from triptych.progress import bar

    _check_place(output, "accuracy", overwrite=overwrite)
    chosen, sizes = load_config(config, settings, preset), [] if curve == "none" else _numbers(curve, "--curve")
    if splits and not data:
        raise click.UsageError("--splits divides records of DATA; name them too")
    split_of = (
        given_splits(data, splits, chosen.group)
        if data and splits
        else data_splits(data, chosen.group)
        if data
        else None
    )
    split_of = split_of or simulated_splits(output / "data", TRAIN, TEST, bar)
    store, asked = RunStore(output / "runs"), chosen_systems(names)
    numbers, methods = _numbers(seeds, "--seeds"), every_method(sizes)
    runs = _run(split_of, numbers, methods, chosen, store, asked, again=again, dry_run=dry_run)
    if dry_run:
        return
    source = f"{TRAIN} simulated records a seed to learn from and {TEST} to be tested with, read by OCR from pictures."
    if data:
        source = (
            f"Records: {data.name}, {f'split as in {splits.name}' if splits else 'with a new split for every seed'}."
        )
    about, facts = [f"{source} {_preset_line(preset, settings)}", *(["", note] if note else [])], environment()
    standings = Standings(TITLES, sizes, runs)
    _write(output, "accuracy", as_json(standings, facts), page(title, about, standings, facts))


def _measure(
    name: str,
    title: str,
    methods: "Sequence[Method]",
    tables: "Sequence[Table]",
    *,
    data: Path | None,
    output: Path,
    seeds: str,
    records: int,
    preset: str,
    config: Path | None,
    settings: tuple[str, ...],
    again: bool,
    dry_run: bool,
    overwrite: bool,
) -> None:
    """Run `methods` on every seed, and write the page and the JSON of `tables`."""
    from triptych.config import load_config
    from triptych.evaluation.environment import environment
    from triptych.evaluation.pages import as_json, page
    from triptych.evaluation.protocol import data_splits, proportional_splits
    from triptych.evaluation.runs import RunStore
    from triptych.progress import bar

    _check_place(output, name, overwrite=overwrite)
    chosen = load_config(config, settings, preset)
    splits = data_splits(data, chosen.group) if data else proportional_splits(output / "data", records, bar)
    store = RunStore(output / "runs")
    runs = _run(splits, _numbers(seeds, "--seeds"), methods, chosen, store, again=again, dry_run=dry_run)
    if dry_run:
        return
    source = f"Records: {data}." if data else f"{records} simulated records a seed, read by OCR from their pictures."
    about = [f"{source} {_preset_line(preset, settings)}"]
    facts = environment()
    _write(output, name, as_json(tables, runs, facts), page(title, about, tables, runs, facts))


def _run(
    splits: "SplitOf",
    seeds: list[int],
    methods: "Sequence[Method]",
    config: "Config",
    store: "RunStore",
    asked: Collection[str] | None = None,
    *,
    again: bool,
    dry_run: bool,
) -> "list[Run]":
    """Run the missing runs of the methods `asked` for (None: all), or only list finished and missing runs.

    Returns all runs of `methods` that are up to date.
    """
    from triptych.evaluation.methods import name_of
    from triptych.evaluation.study import plan, run_tasks, to_do
    from triptych.progress import bar

    runs = []
    for tasks in plan(splits, seeds, methods, config):
        wanted = [task for task in tasks if asked is None or name_of(task.method) in asked]
        missing = to_do(wanted, store, again)
        if not dry_run:
            run_tasks(missing, store, bar)
        for task in wanted if dry_run else ():
            click.echo(f"seed {task.split.seed}  {task.name:<28} {'to do' if task in missing else 'done'}")
        found = [store.get(task.split.seed, task.name, task.fingerprint) for task in tasks]
        runs += [run for run in found if run]
    return runs


def _preset_line(preset: str, settings: tuple[str, ...]) -> str:
    return f"Preset `{preset}`; settings: {' '.join(settings) or 'the defaults'}."


def _check_place(output: Path, name: str, *, overwrite: bool) -> None:
    """Check that the tables may be written to the folder `output`."""
    from triptych.outputs import check_free, json_with, recognised

    ours = json_with("environment", "seeds", "runs")
    for path in (output / f"{name}.json", output / f"{name}.md"):
        check_free(path, lambda _: recognised(output / f"{name}.json", ours), overwrite=overwrite)


def _write(output: Path, name: str, values: dict[str, Any], page: str) -> None:
    from triptych.files import write_atomically

    write_atomically(output / f"{name}.json", (json.dumps(values, indent=1) + "\n").encode())
    write_atomically(output / f"{name}.md", page.encode("utf-8", ERRORS))
    click.echo(f"Tables: {output / f'{name}.md'}")


def _numbers(text: str, option: str) -> list[int]:
    """`0-4` or `0,3,7` -> numbers."""
    try:
        parts = [part.partition("-") for part in text.split(",")]
        return [n for first, dash, last in parts for n in range(int(first), int(last if dash else first) + 1)]
    except ValueError:
        raise click.BadParameter(f"{text!r}: give numbers such as 0-4 or 0,3,7", param_hint=option) from None
