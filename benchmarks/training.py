"""A full training with the defaults: the time of each step, and memory.

Records, simulated or given, are first read and encoded in a separate process. So the training is timed with a full
cache: it includes choosing the augmentation, drawing records and all phases, but no reading. Its memory is that of the
whole process, including the features of the records.
"""

import argparse
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
from triptych.network.phases import PHASES, run_phase
from triptych.progress import bar
from triptych.training.fitting import new_network
from triptych.training.training_data import TrainingData, collect


@dataclass(frozen=True)
class Source:
    """The source of records: the simulator, or `data` with the splits of the table `splits`."""

    folder: Path
    records: int
    data: Path | None
    splits: Path | None

    @property
    def name(self) -> str:
        """A name for its results."""
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
    """Fill the cache."""
    training_data_of(source, config)


def measure(source: Source, config: Config) -> dict[str, Any]:
    """Train with a full cache."""
    start, cpu = time.perf_counter(), time.process_time()
    data = training_data_of(source, config)
    read = data.seconds["prepare"]
    steps = {"augmentation": data.seconds["augment"]}
    with threads_for(config):
        network = new_network(config, data)
        panels = network.compress(data.panels)
        for phase in PHASES:
            began = time.perf_counter()
            run_phase(phase, network, panels, config, bar)
            steps[phase] = round(time.perf_counter() - began, 1)
    return {
        "records": len(data.prepared),
        "drawn": len(data.drawn),
        "tda": data.tda.numbers,
        "pace": round(network.pace.item(), 2),
        "plot_share": network.plot_share.item(),
        "steps": steps,
        "from_cache": read,
        "seconds": round(time.perf_counter() - start - read, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_mb": round(peak_mb()),
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    runs = result["runs"]
    lines = [
        "# A full training with the defaults",
        "",
        f"{result['records']} Times are in seconds and include augmentation. They exclude reading and encoding: the "
        "records are loaded from the cache, which takes the time in the last column. “All” is the whole process "
        "without this loading, including steps that are not listed. The trial chooses the share of the configured "
        "epochs that is trained, and the weight of the plots in the decision.",
        "",
        f"| seed | records | drawn | epochs | plots count | {' | '.join(runs[0]['steps'])} | all | peak memory, MB "
        "| from the cache |",
        "|---" * (len(runs[0]["steps"]) + 8) + "|",
    ]
    for run in runs:
        steps = " | ".join(f"{seconds:.0f}" for seconds in run["steps"].values())
        lines.append(
            f"| {run['seed']} | {run['records']} | {run['drawn']} ({run['tda']}) | {run['pace']:.0%} "
            f"| {run['plot_share']:.0%} | {steps} | {run['seconds']:.0f} "
            f"| {run['peak_mb']} | {run['from_cache']:.0f} |"
        )
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--records", type=int, default=RECORDS, help="number of simulated records; 5 of 7 are for training"
    )
    parser.add_argument("--folder", type=Path, help="folder for simulated records")
    parser.add_argument("--data", type=Path, help="records to train on instead, with --splits")
    parser.add_argument("--splits", type=Path, help="a table of their splits: seed, image, split")
    args = parser.parse_args()
    if (args.data is None) != (args.splits is None):
        parser.error("--data and --splits go together")
    runs = []
    with tempfile.TemporaryDirectory() as temporary:
        source = Source(args.folder or Path(temporary), args.records, args.data, args.splits)
        for seed in args.seeds:
            config = load_config(None, (f"seed={seed}",))
            in_new_process(prepare, source, config)
            runs.append({"seed": seed, **in_new_process(measure, source, config)})
            print(runs[-1], flush=True)
    records = f"Records of {args.data.name}, divided by {args.splits.name}." if args.data else "Simulated records."
    result = {"records": records, "runs": runs, "machine": environment()}
    write_result(source.name, result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
