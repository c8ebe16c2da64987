"""Macro-F1 if branches are missing at prediction time.

Every seed simulates 455 records and trains the expert `panels` once with the given settings. Its test records are
scored with all branches, and with the representation of each branch, or of both text branches, set to zero, as for a
missing answer.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from result_files import write_result

from triptych.classifier import DefectClassifier
from triptych.config import Config, load_config
from triptych.evaluation.environment import environment, environment_line
from triptych.evaluation.intervals import mean_interval
from triptych.evaluation.metrics import score
from triptych.evaluation.protocol import RECORDS, Split, proportional_splits
from triptych.experts.panels import FittedPanels
from triptych.model.prediction import judge_prepared
from triptych.network.network import Network
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import bar

MISSING: tuple[tuple[str, ...], ...] = ((), ("image",), ("vlm",), ("llm",), ("vlm", "llm"), ("readings",))


def without(networks: Sequence[Network], branches: Sequence[str]) -> ExitStack:
    """A context in which the representations of `branches` are zero."""
    stack = ExitStack()
    for branch in (network.branches[name] for network in networks for name in branches):
        handle = branch.register_forward_hook(lambda _module, _inputs, output: torch.zeros_like(output))
        stack.callback(handle.remove)
    return stack


def measure(split: Split, config: Config) -> Iterator[dict[str, Any]]:
    """Train once, and score the test records with the branches of each element of MISSING missing."""
    model = DefectClassifier(config.changed("experts=[panels]"), progress=True).fit(split.train).model_
    members = [expert for _, expert in model.ensemble.members("panels")]
    networks = [expert.network for expert in members if isinstance(expert, FittedPanels)]
    with Preparer(config, model.classes, model.state) as preparer:
        test = [item for item in preparer.prepare(bar(split.test, "Read test")) if isinstance(item, Prepared)]
    labels = [item.record.label or "" for item in test]
    for branches in MISSING:
        if set(branches) <= set(networks[0].branches):
            with without(networks, branches):
                judged = judge_prepared(model, test)
            found = score(labels, [one.label for one in judged], model.classes, model.normal)
            assert found.binary is not None
            yield {
                "seed": split.seed,
                "missing": list(branches),
                "macro_f1": found.macro_f1,
                "binary_macro_f1": found.binary.macro_f1,
            }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Missing branches at prediction time",
        "",
        f"{result['records']} simulated records per seed; seeds {', '.join(map(str, result['seeds']))}; settings: "
        f"{' '.join(result['settings']) or 'the defaults'}. Macro-F1 in percent, mean ± 95% interval of the mean; "
        "drops are paired by seed.",
        "",
        "| missing | all classes | drop | normal or defective | drop |",
        "|---|---|---|---|---|",
    ]
    runs = result["runs"]
    whole = [run for run in runs if not run["missing"]]
    for branches in MISSING:
        some = [run for run in runs if run["missing"] == list(branches)]
        if not some:
            continue
        cells = [" and ".join(branches) or "nothing"]
        for name in ("macro_f1", "binary_macro_f1"):
            drops = [a[name] - b[name] for a, b in zip(whole, some, strict=True)]
            cells += [str(mean_interval([run[name] for run in some])), str(mean_interval(drops)) if branches else ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--folder", type=Path, help="folder for simulated records")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--name", default="missing_branches", help="name of the files in benchmarks/results")
    args = parser.parse_args()
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary:
        splits = proportional_splits(args.folder or Path(temporary), args.records, bar)
        for seed in args.seeds:
            config = load_config(None, (*args.settings, f"seed={seed}"))
            for run in measure(splits(seed), config):
                print(run, flush=True)
                runs.append(run)
    result = {
        "records": args.records,
        "seeds": args.seeds,
        "settings": args.settings,
        "runs": runs,
        "machine": environment(),
    }
    write_result(args.name, result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
