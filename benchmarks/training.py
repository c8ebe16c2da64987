"""Measures the time and the peak memory of a full training with the defaults.

Records, simulated or given, are first read and encoded in a separate process. The time of the training therefore
includes cross-fitting, drawing records and training all experts, but not reading and encoding. The peak memory is given
for the main process and for the processes that train folds; it includes the features of the records.
"""

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import in_new_process, peak_mb
from result_files import write_result

from triptych.config import Config, load_config
from triptych.evaluation.environment import environment, environment_line
from triptych.evaluation.protocol import RECORDS, SplitOf, given_splits, proportional_splits
from triptych.network.compute import threads_for
from triptych.progress import bar
from triptych.training.checkpoints import Checkpoints
from triptych.training.fitting import train
from triptych.training.training_data import TrainingData, collect


@dataclass(frozen=True)
class Source:
    """The source of the records: the simulator, or `data` with the splits of the table `splits`."""

    folder: Path
    records: int
    data: Path | None
    splits: Path | None

    @property
    def name(self) -> str:
        """The name of the result files."""
        return f"training-{self.data.name}-{self.splits.stem}" if self.data and self.splits else "training"

    @property
    def split_of(self) -> SplitOf:
        """Training and test records by seed."""
        if self.data and self.splits:
            return given_splits(self.data, self.splits)
        return proportional_splits(self.folder, self.records, bar)


def training_data_of(source: Source, config: Config) -> TrainingData:
    """The training records, from the cache if they have been prepared before."""
    with threads_for(config):
        return collect(source.split_of(config.seed).train, config, bar)


def prepare(source: Source, config: Config) -> None:
    """Fill the cache with the prepared training records."""
    training_data_of(source, config)


def measure(source: Source, config: Config) -> dict[str, Any]:
    """Train with a full cache."""
    start, cpu = time.perf_counter(), time.process_time()
    data = training_data_of(source, config)
    read = data.seconds["prepare"]
    with threads_for(config):
        model = train(data, Checkpoints(None, ""), bar)
    facts = model.metrics
    return {
        "records": len(data.prepared),
        "drawn": facts["drawn"],
        "tda": facts["tda"],
        "epochs": round(facts["epochs"], 2),
        "experts": {name: found["weight"] for name, found in facts["experts"].items() if name != "pool"},
        "from_cache": read,
        "seconds": round(time.perf_counter() - start - read, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_mb": round(peak_mb()),
        "peak_mb_of_a_fold": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    runs = result["runs"]
    lines = [
        "# A full training with the defaults",
        "",
        f"{result['records']} Times are in seconds and include cross-fitting and augmentation. They exclude reading "
        "and encoding: the records are loaded from the cache, which takes the time in the last column. “Fold, MB” is "
        "the peak memory of a process that trains folds; there is one for each core.",
        "",
        "| seed | records | drawn | epochs | seconds | peak memory, MB | fold, MB | from the cache |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {run['seed']} | {run['records']} | {run['drawn']} ({run['tda']}) | {run['epochs']:.0%} "
        f"| {run['seconds']:.0f} | {run['peak_mb']} | {run['peak_mb_of_a_fold']} | {run['from_cache']:.0f} |"
        for run in runs
    ]
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--records", type=int, default=RECORDS, help="number of simulated records; 5 in 7 are for training"
    )
    parser.add_argument("--folder", type=Path, help="folder for simulated records")
    parser.add_argument("--data", type=Path, help="records to train on instead, with --splits")
    parser.add_argument("--splits", type=Path, help="a table of their splits: seed, image, split")
    args = parser.parse_args()
    if (args.data is None) != (args.splits is None):
        parser.error("--data and --splits must be given together")
    runs = []
    with tempfile.TemporaryDirectory() as temporary:
        source = Source(args.folder or Path(temporary), args.records, args.data, args.splits)
        for seed in args.seeds:
            config = load_config(None, (f"seed={seed}",))
            in_new_process(prepare, source, config)
            runs.append({"seed": seed, **in_new_process(measure, source, config)})
            print(runs[-1], flush=True)
    records = f"Records of {args.data.name}, split by {args.splits.name}." if args.data else "Simulated records."
    result = {"records": records, "runs": runs, "machine": environment()}
    write_result(source.name, result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
