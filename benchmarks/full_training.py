"""One training of the `paper` preset in `full` mode at real sizes: steps per second and memory.

All weights of ResNet-50 and two BERT-base encoders, initialised at random, are trained in the paper's three phases. The
answers come from `measured` and `rules`, because only the training is measured. The defaults are for a GPU. On a CPU,
where a step takes seconds, use fewer records and epochs:

    python benchmarks/full_training.py --records 42 --set warm_up.epochs=1 --set "alignment.stages=[]"
"""

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from processes import peak_mb
from result_files import write_result

from triptych.config import Config, load_config
from triptych.evaluation.environment import environment, environment_line
from triptych.evaluation.protocol import TEST_SHARE
from triptych.experts.expert import TrainingSet
from triptych.experts.panels import new_network
from triptych.network.compute import choose_device, uses_bfloat16
from triptych.network.network import Network
from triptych.network.phases import PHASES, run_phase
from triptych.network.steps import batches
from triptych.progress import bar
from triptych.records import open_records
from triptych.simulate import simulate_dataset
from triptych.training.fitting import augmented
from triptych.training.training_data import collect

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))


def checkpoints(folder: Path) -> tuple[str, ...]:
    """Settings for encoder checkpoints of the real sizes with random weights."""
    from transformers import BertConfig, ResNetConfig

    import tiny

    image = tiny.resnet(folder / "resnet-50", config=ResNetConfig(), side=224)
    text = tiny.bert(folder / "bert-base", config=BertConfig())
    return (f"encoders.image=transformers:{image}", f"encoders.text=transformers:{text}")


def steps_of(phase: str, config: Config, records: int) -> int:
    """The number of optimizer steps of a phase."""

    def epoch(share: float) -> int:
        return len(list(batches(math.ceil(share * records), config.optimizer.batch_size, shuffle=False)))

    if phase == "alignment":  # two passes per epoch: one for each text
        return sum(2 * config.alignment.epochs * epoch(share) for share in config.alignment.stages)
    return (config.warm_up.epochs if phase == "warm-up" else config.fusion.epochs) * epoch(1.0)


def measure(config: Config, network: Network, data: TrainingSet) -> list[dict[str, Any]]:
    """Train phase by phase; return steps per second and the peak memory so far for each phase."""
    inputs = network.compress(data.inputs)
    device = choose_device(config)
    network.to(device)
    rows = []
    for phase in PHASES:
        start = time.perf_counter()
        run_phase(phase, network, inputs, config, bar)
        seconds, steps = time.perf_counter() - start, steps_of(phase, config, len(inputs))
        peak = torch.cuda.max_memory_allocated(device) / 2**20 if device.type == "cuda" else peak_mb()
        rows.append(
            {"phase": phase, "steps": steps, "seconds": seconds, "steps_per_second": steps / seconds, "peak_mb": peak}
        )
        print(rows[-1], flush=True)
    return rows


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Full training at real sizes",
        "",
        f"ResNet-50 and two BERT-base encoders with random weights, {result['parameters']:,} trained weights, "
        f"{result['records']} records, on {result['device']} in {result['precision']}; settings: "
        f"{' '.join(result['settings']) or 'the preset'}.",
        "",
        "| phase | steps | s | steps per s | peak memory, MB |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['phase']} | {r['steps']} | {r['seconds']:.0f} | {r['steps_per_second']:.2f} | {r['peak_mb']:.0f} |"
        for r in result["phases"]
    ]
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=455, help="number of simulated records; 5 in 7 are for training")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        simulate_dataset(data, records=args.records, seed=0, test_share=TEST_SHARE)
        fixed = ("reading.ocr=rapidocr", "answers.vlm=measured", "answers.llm=rules", *checkpoints(Path(folder)))
        config = load_config(None, (*fixed, *args.settings), preset="paper")
        training = augmented(collect(open_records(data).split("train"), config, bar), bar).data
        network = new_network(training.context, training.inputs)
        device = choose_device(config)
        name = torch.cuda.get_device_name(device) if device.type == "cuda" else "the CPU"
        result = {
            "records": len(training.inputs),
            "parameters": sum(p.numel() for p in network.parameters() if p.requires_grad),
            "settings": args.settings,
            "device": name,
            "precision": "bfloat16" if uses_bfloat16(config, device) else "float32",
            "phases": measure(config, network, training),
            "machine": environment(),
        }
    write_result("full_training", result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
