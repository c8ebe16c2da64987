"""The effect of the text branches with different providers: the tuned models, `measured` and `rules`, or none.

Every seed simulates 455 records, trains the whole classifier on the pictures with each pair of providers, and scores
the same test records. The tuned models were tuned on other records.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from result_files import write_result

from triptych.classifier import DefectClassifier
from triptych.config import load_config
from triptych.evaluation.environment import environment, environment_line
from triptych.evaluation.evaluate import evaluate
from triptych.evaluation.intervals import mean_interval
from triptych.evaluation.protocol import RECORDS, proportional_splits
from triptych.progress import bar

NO_TEXT = "none, none"


def provider_settings(adapters: Path) -> dict[str, tuple[str, ...]]:
    """The settings of each pair of providers."""
    return {
        NO_TEXT: ("answers.vlm=none", "answers.llm=none"),
        "measured, rules": (),
        "local:vlm, local:llm": (f"answers.vlm=local:{adapters}/vlm", f"answers.llm=local:{adapters}/llm"),
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# The effect of the text branches",
        "",
        f"{result['records']} simulated records per seed, read from their pictures; seeds "
        f"{', '.join(map(str, result['seeds']))}; settings: {' '.join(result['settings']) or 'the defaults'}. "
        "Macro-F1 in percent, mean ± 95% interval of the mean; differences are paired by seed.",
        "",
        f"| providers | all classes | difference to `{NO_TEXT}` | normal or defective | difference to `{NO_TEXT}` |",
        "|---|---|---|---|---|",
    ]
    base = _of(result["runs"], NO_TEXT)
    for name in dict.fromkeys(run["answers"] for run in result["runs"]):
        cells, runs = [name], _of(result["runs"], name)
        for key in ("macro_f1", "binary_macro_f1"):
            gains = [a[key] - b[key] for a, b in zip(runs, base, strict=True)]
            cells += [str(mean_interval([run[key] for run in runs])), "" if runs == base else str(mean_interval(gains))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def _of(runs: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return sorted((run for run in runs if run["answers"] == name), key=lambda run: run["seed"])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("adapters", type=Path, help="the folder that `triptych tune -o` wrote")
    parser.add_argument("folder", type=Path, help="folder for simulated records")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--name", default="text_panels", help="name of the files in benchmarks/results")
    args = parser.parse_args()
    runs: list[dict[str, Any]] = []
    splits = proportional_splits(args.folder, args.records, bar)
    for name, settings in provider_settings(args.adapters).items():
        for seed in args.seeds:
            split = splits(seed)
            config = load_config(None, (*args.settings, *settings, f"seed={seed}"))
            classifier = DefectClassifier(config, progress=True).fit(split.train)
            found = evaluate(classifier, split.test).scores
            assert found.binary is not None
            run = {"seed": seed, "answers": name, "macro_f1": found.macro_f1, "binary_macro_f1": found.binary.macro_f1}
            print(run, flush=True)
            runs.append(run)
    result = {"records": args.records, "seeds": args.seeds, "settings": args.settings, "runs": runs}
    result["machine"] = environment()
    write_result(args.name, result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
