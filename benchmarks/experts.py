"""Scores of each expert alone, of the pool, and of the pool without each expert.

    python benchmarks/experts.py                                     simulated records
    python benchmarks/experts.py --data DATA --splits DATA/splits.csv

Every seed trains once. For the pool without an expert, the weights of the others are fitted again to the same
out-of-fold probabilities. Finished seeds are stored in the folder `--runs`, so that an interrupted benchmark can be
resumed. With `--accuracy OUT`, the pool's predictions are also stored as a run of `triptych benchmark accuracy -o OUT`,
which then does not train Triptych again.
"""

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from result_files import RESULTS, write_result
from torch import Tensor

from triptych.config import Config, load_config
from triptych.evaluation import metrics
from triptych.evaluation.accuracy import TEST, TRAIN, AsConfigured
from triptych.evaluation.environment import commit, environment, environment_line
from triptych.evaluation.intervals import mean_interval
from triptych.evaluation.methods import Task
from triptych.evaluation.protocol import given_splits, simulated_splits
from triptych.evaluation.runs import Run, RunStore
from triptych.evaluation.study import plan
from triptych.experts.pool import Pool, fit_pool
from triptych.files import write_atomically
from triptych.model.model import Model
from triptych.network.compute import threads_for
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import bar
from triptych.training.checkpoints import Checkpoints
from triptych.training.fitting import train
from triptych.training.training_data import collect

POOL = "pool"


def measure(task: Task, store: RunStore | None) -> dict[str, Any]:
    """Train once, and score the pool, every expert, and the pool without each expert.

    Args:
        task: the records and the configuration.
        store: the store of `triptych benchmark accuracy`; None does not store the run.
    """
    split, config = task.split, task.config
    with threads_for(config):
        data = collect(split.train, config, bar)
        with Preparer(config, data.classes, data.state) as preparer:
            test = [item for item in preparer.prepare(bar(split.test, "Read test")) if isinstance(item, Prepared)]
        start = time.perf_counter()
        model = train(data, Checkpoints(None, ""), bar)
        seconds = time.perf_counter() - start
        by_expert = model.ensemble.expert_log_probabilities(test, model.classes)
        found = model.ensemble.pool.log_probabilities(by_expert).exp()
        whole = time.perf_counter() - start
    labels = [item.record.label or "" for item in test]
    pools = {
        POOL: model.ensemble.pool,
        **{name: Pool({name: 1.0}) for name in by_expert},
        **_without_each(model, config),
    }
    if store:
        store.put(_run(task, model, labels, found, whole))
    return {
        "seed": split.seed,
        "records": len(data.prepared),
        "seconds": round(seconds, 1),
        "classes": model.classes,
        "normal": model.normal,
        "weights": dict(model.ensemble.pool.weights),
        "epochs": model.metrics["epochs"],
        "tda": [model.metrics["tda"], model.metrics["plots_tda"]],
        "scores": {name: scores_of(pool.log_probabilities(by_expert), labels, model) for name, pool in pools.items()},
        "labels": labels,
        "predicted": model.choose(found),
        "commit": commit(),
        "fingerprint": task.fingerprint,
    }


def _run(task: Task, model: Model, labels: list[str], probabilities: Tensor, seconds: float) -> Run:
    """The run as `triptych benchmark accuracy` would store it."""
    shares, classes, normal = probabilities.numpy(), model.classes, model.normal
    return Run(
        seed=task.split.seed,
        name=task.name,
        fingerprint=task.fingerprint,
        n_train=sum(model.counts),
        classes=classes,
        normal=normal,
        labels=labels,
        predicted=model.choose(probabilities),
        seconds=round(seconds, 1),
        commit=commit(),
        log_loss=metrics.log_loss(labels, shares, classes),
        binary_log_loss=metrics.binary_log_loss(labels, shares, classes, normal) if normal else None,
    )


def _without_each(model: Model, config: Config) -> dict[str, Pool]:
    """The pools without one expert, by the key `without <name>`."""
    kept = [name for name, weight in model.ensemble.pool.weights.items() if weight]
    found = model.metrics["out_of_fold"]
    if not found or len(kept) < 2:
        return {}
    truth = torch.tensor([model.classes.index(label) for label in found["labels"]])
    by_expert: Mapping[str, Tensor] = {
        name: torch.from_numpy(np.log(np.maximum(np.array(found["probabilities"][name]), 1e-6))) for name in kept
    }
    return {
        f"without {name}": fit_pool({n: s for n, s in by_expert.items() if n != name}, truth, config.pool)
        for name in kept
    }


def scores_of(log_probabilities: Tensor, labels: list[str], model: Model) -> dict[str, float | None]:
    """Macro-F1 over all classes and for normal against defective, and log loss."""
    found = metrics.score(labels, model.choose(log_probabilities.exp()), model.classes, model.normal)
    shares = log_probabilities.exp().numpy()
    return {
        "macro_f1": found.macro_f1,
        "binary": found.binary.macro_f1 if found.binary else None,
        "log_loss": metrics.log_loss(labels, shares, model.classes),
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    runs = result["runs"]
    names = list(dict.fromkeys(name for run in runs for name in run["scores"]))
    lines = [
        "# Scores of the experts and of the pool",
        "",
        f"{result['source']} Seeds {', '.join(str(run['seed']) for run in runs)}; settings: "
        f"{' '.join(result['settings']) or 'the defaults'}. Macro-F1 in percent on the test records, mean ± 95% "
        "interval of the mean; log loss in nats. Seeds on which an expert has weight 0 are left out of its row. "
        "“Without” is the pool without that expert, with weights fitted again.",
        "",
        "| | all classes | normal or defective | log loss | weight | seeds |",
        "|---|---|---|---|---|---|",
    ]
    for name in names:
        found = [run["scores"][name] for run in runs if name in run["scores"]]
        columns = [[s[key] for s in found if s[key] is not None] for key in ("macro_f1", "binary", "log_loss")]
        weights = [run["weights"][name] for run in runs if run["weights"].get(name)]
        cells = [str(mean_interval(c)) if c else "" for c in columns[:2]]
        loss = mean_interval(columns[2])
        weight = f"{np.mean(weights):.2f}" if weights else ""
        lines.append(
            f"| {name} | {cells[0]} | {cells[1]} | {loss.mean:.3f} ± {loss.half:.3f} | {weight} | {len(found)} |"
        )
    seconds = ", ".join(f"{run['seconds']:.0f}" for run in runs)
    return "\n".join([*lines, "", f"Training took {seconds} s. {environment_line(result['machine'])}", ""])


def main() -> None:
    """Run the benchmark and write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="records, with --splits")
    parser.add_argument("--splits", type=Path, help="a table of their splits: seed, image, split")
    parser.add_argument("--folder", type=Path, default=Path("experts-data"), help="for simulated records")
    parser.add_argument(
        "--runs", type=Path, default=Path("experts-runs"), help="folder for the results of finished seeds"
    )
    parser.add_argument(
        "--accuracy", type=Path, help="folder of results of `triptych benchmark accuracy`, to store the runs in"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--set", action="append", default=[], dest="settings", help="a setting, such as pool.prior=2")
    args = parser.parse_args()
    if (args.data is None) != (args.splits is None):
        parser.error("--data and --splits go together")
    split_of = given_splits(args.data, args.splits) if args.data else simulated_splits(args.folder, TRAIN, TEST, bar)
    name = f"experts-{args.data.name}-{args.splits.stem}" if args.data else "experts"
    args.runs.mkdir(parents=True, exist_ok=True)
    runs = []
    for seed in args.seeds:
        path = args.runs / f"{name}-{seed}.json"
        ((task,),) = plan(split_of, [seed], [AsConfigured()], load_config(None, args.settings))
        if not path.exists() or json.loads(path.read_text())["fingerprint"] != task.fingerprint:
            run = measure(task, RunStore(args.accuracy / "runs") if args.accuracy else None)
            write_atomically(path, json.dumps(run).encode())
        runs.append(json.loads(path.read_text()))
        print(name, seed, runs[-1]["seconds"], runs[-1]["scores"][POOL], flush=True)
    source = (
        f"Records of {args.data.name}, split by {args.splits.name}."
        if args.data
        else f"{TRAIN} simulated training records and {TEST} test records per seed."
    )
    lists = ("labels", "predicted")  # of every record; they stay in `--runs`
    scores = [{key: value for key, value in run.items() if key not in lists} for run in runs]
    result = {"source": source, "settings": args.settings, "runs": scores, "machine": environment()}
    write_result(name, result, as_markdown(result))
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
