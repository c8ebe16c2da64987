"""`triptych benchmark`: the paper's tables, measured anew over several seeds."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import CONFIGURATION, options

if TYPE_CHECKING:
    from triptych.evaluation.study import Method
    from triptych.evaluation.variants import Table


@click.group("benchmark", short_help="Measure the paper's tables anew: ablations and peers.")
def command() -> None:
    """Measure the paper's tables anew, over several seeds, with 95% intervals.

    Without DATA every seed draws its own 455 simulated records; with it, every seed splits all labelled records of DATA
    anew, 2 in 7 of each class for the test. What is done is kept below OUT: stop it at any moment, and the same command
    goes on.

    \b
      triptych benchmark ablation -o results
      triptych benchmark peers -o results --seeds 0-4
    """


_shared = options(
    click.argument("data", required=False, type=click.Path(path_type=Path)),
    click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A folder of results."),
    click.option("--seeds", default="0-4", show_default=True, help="Such as 0-4, or 0,3,7."),
    click.option("--records", default=455, show_default=True, help="How many to simulate a seed."),
    CONFIGURATION,
    click.option("--dry-run", is_flag=True, help="List what is done and what is still to do."),
)


@command.command("ablation", short_help="Tables 3, 4 and 5: what each part is worth.")
@_shared
def ablation(**options: Any) -> None:
    """Tables 3 to 5: PFA, CMAF and TDA on and off, schedules of the alignment, ways of fusion.

    Writes OUT/ablation.md and OUT/ablation.json.

    \b
      triptych benchmark ablation -o results
      triptych benchmark ablation data -o results --seeds 0-9 --set encoders.readings=false
    """
    from triptych.evaluation.variants import ABLATION_TABLES, ABLATION_VARIANTS

    _measure("ablation", "Ablations", ABLATION_VARIANTS, ABLATION_TABLES, **options)


@command.command("peers", short_help="Table 2: other methods under the same protocol.")
@_shared
@click.option(
    "--peer", "names", multiple=True, metavar="NAME", help="Run this peer; repeat it.  [default: all installed]"
)
def peers(names: tuple[str, ...], **options: Any) -> None:
    """Table 2: other methods on the same splits, and Triptych beside them.

    Peers see the picture that Triptych's image encoder sees. Some need an extra: pip install 'triptych[peers]'.
    Writes OUT/peers.md and OUT/peers.json.

    \b
      triptych benchmark peers -o results
      triptych benchmark peers data -o results --peer lite0-frozen --peer xie
    """
    from triptych.evaluation.peers import chosen_peers
    from triptych.evaluation.variants import PEER_VARIANTS, peer_table

    chosen = chosen_peers(names)
    _measure("peers", "Peers", (*chosen, *PEER_VARIANTS), (peer_table(),), **options)


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
    dry_run: bool,
) -> None:
    """Run `methods` on every seed, and write the page and the JSON of `tables`."""
    from triptych.config import load_config
    from triptych.evaluation.environment import environment
    from triptych.evaluation.pages import as_json, page
    from triptych.evaluation.protocol import data_splits, simulated_splits
    from triptych.evaluation.runs import RunStore
    from triptych.evaluation.study import plan, run_seed
    from triptych.progress import bar

    chosen = load_config(config, settings, preset)
    splits = data_splits(data) if data else simulated_splits(output / "data", records, bar)
    store = RunStore(output / "runs")
    for tasks in plan(splits, _seeds(seeds), methods, chosen):
        if dry_run:
            for task in tasks:
                done = store.get(task.split.seed, task.name, task.fingerprint) is not None
                click.echo(f"seed {task.split.seed}  {task.name:<28} {'done' if done else 'to do'}")
        else:
            run_seed(tasks, store, bar)
    if dry_run:
        return
    source = f"Records: {data}." if data else f"{records} simulated records a seed, read by OCR from their pictures."
    about = [f"{source} Preset `{preset}`; settings: {' '.join(settings) or 'the defaults'}."]
    runs, facts = store.all(), environment()
    (output / f"{name}.json").write_text(json.dumps(as_json(tables, runs, facts), indent=1) + "\n", encoding="utf-8")
    (output / f"{name}.md").write_text(page(title, about, tables, runs, facts), encoding="utf-8")
    click.echo(f"Tables: {output / f'{name}.md'}")


def _seeds(text: str) -> list[int]:
    """`0-4` or `0,3,7` -> numbers."""
    try:
        parts = [part.partition("-") for part in text.split(",")]
        return [seed for first, dash, last in parts for seed in range(int(first), int(last if dash else first) + 1)]
    except ValueError:
        raise click.BadParameter(f"{text!r}: give numbers such as 0-4 or 0,3,7", param_hint="--seeds") from None
