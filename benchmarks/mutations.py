"""Checks that mutated pictures, tables, configurations and model folders give a correct result or a TriptychError.

Every mutation is read in this process as a command would read it. A finding is any other exception, a warning of a
library, a message of more than 20,000 characters, or more than 5 s or 500 MB for one mutation. The same seed gives the
same mutations.
"""

import argparse
import io
import json
import random
import resource
import shutil
import signal
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from mutants import VALUES, YAML_TRICKS, spoil_bytes, spoil_configuration, spoil_json, spoil_table, spoil_weights
from PIL import Image, features
from result_files import write_result

from triptych import DefectClassifier, load_config, open_records
from triptych.decision import decide
from triptych.errors import TriptychError, TriptychWarning
from triptych.evaluation.environment import environment
from triptych.model.folder import load_model
from triptych.model.prediction import judge_prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import silent
from triptych.reading.reader import Reader
from triptych.records import Record
from triptych.simulate import simulate_dataset
from triptych.threads import torch_threads

SECONDS = 5  # time limit of one mutation
MEMORY = 500_000  # kB, limit on the growth of the process during one mutation
ROOM = 6 << 30  # bytes, limit on the address space
SHARES = {"pictures": 0.4, "tables": 0.3, "configurations": 0.15, "settings": 0.05, "models": 0.1}
TRAINING = (
    "warm_up.epochs=2",
    "alignment.stages=[]",
    "fusion.epochs=2",
    "augment.tda=none",
    "experts=[panels]",
    "cross_fitting.folds=1",
)


class TooSlow(BaseException):
    """One mutation takes too long. A BaseException, so that no `except Exception` catches it."""


@dataclass
class Tally:
    """The outcomes of the mutations of one kind."""

    right: int = 0
    refused: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)
    slowest: float = 0.0


class Pictures:
    """Small pictures in every format; the result must be an RGB picture. A tenth of them are also read without OCR."""

    def __init__(self, folder: Path) -> None:
        noise = np.random.default_rng(0).integers(0, 255, (48, 40, 3)).astype(np.uint8)
        rgb = Image.fromarray(noise)
        gray16 = Image.fromarray(noise[..., 0].astype(np.uint16) * 257)
        made = [(rgb.convert(mode), "PNG") for mode in ("RGB", "L", "RGBA", "LA", "P", "1")]
        made += [(gray16, "PNG"), (gray16, "TIFF"), (rgb.convert("F"), "TIFF"), (rgb.convert("CMYK"), "JPEG")]
        made += [(rgb.convert("CMYK"), "TIFF"), (rgb.convert("LAB"), "TIFF")]
        made += [(rgb, kind) for kind in ("JPEG", "BMP", "GIF", "TIFF", "PPM")]
        made += [(rgb, "WEBP")] if features.check("webp") else []
        self.bases = [_encoded(*pair) for pair in made]
        self.reader = Reader(None)

    def spoil(self, rng: random.Random) -> bytes:
        """A mutated picture file."""
        return spoil_bytes(rng.choice(self.bases), rng, self.bases)

    def check(self, data: bytes, path: Path) -> None:
        """Decode the picture; one in ten is also searched for a plot."""
        path = path.with_suffix(".png")
        path.write_bytes(data)
        image = Record("picture", path).load_image()
        assert image.mode == "RGB"
        assert min(image.size) >= 16
        if data[-1] % 10 == 0:
            self.reader.read(image)


def _encoded(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


class Tables:
    """Manifests as CSV, and some as Parquet; the result must be records whose labels are text or missing."""

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        rng = random.Random(0)
        header = ["image", "label", "split", "length", "lot", "ok"]
        names = ("good", "bad")
        self.rows = [header] + [
            [
                f"{i}.png",
                names[i % 2],
                ("train", "test")[i % 3 == 0],
                f"{rng.gauss(5, 1):.3f}",
                f"L{i % 4}",
                str(i % 5 == 0),
            ]
            for i in range(12)
        ]
        buffer = io.BytesIO()
        pd.DataFrame(self.rows[1:], columns=header).to_parquet(buffer)
        self.parquet = buffer.getvalue()

    def spoil(self, rng: random.Random) -> bytes:
        """A mutated table."""
        return spoil_bytes(self.parquet, rng) if rng.random() < 0.15 else spoil_table(self.rows, rng)

    def check(self, data: bytes, path: Path) -> None:
        """Open the table as a data set."""
        path = path.with_suffix(".parquet" if data.startswith(b"PAR1") else ".csv")
        path.write_bytes(data)
        records = open_records(path)
        assert len(records) > 0
        for record in records:
            assert record.label is None or (isinstance(record.label, str) and record.label)
            assert all(isinstance(value, float | str) for value in record.readings.values())


class Configurations:
    """Configuration files; a loaded configuration must not change when it is written and loaded again."""

    def __init__(self, folder: Path) -> None:
        self.values = yaml.safe_load(load_config().to_yaml())

    def spoil(self, rng: random.Random) -> bytes:
        """A mutated configuration."""
        return spoil_configuration(self.values, rng)

    def check(self, data: bytes, path: Path) -> None:
        """Load the configuration, write it, and load it again."""
        path = path.with_suffix(".yaml")
        path.write_bytes(data)
        config = load_config(path)
        path.write_text(config.to_yaml(), encoding="utf-8")
        assert load_config(path) == config


class Settings:
    """Settings on the command line, `--set KEY=VALUE`."""

    def __init__(self, folder: Path) -> None:
        values = yaml.safe_load(load_config().to_yaml())
        self.keys = [f"{name}.{key}" for name, inner in values.items() if isinstance(inner, dict) for key in inner]
        self.keys += [*values, "", ".", "a.b.c", "fusion.epochs.x", "=", "seed.x"]

    def spoil(self, rng: random.Random) -> bytes:
        """A random setting."""
        value = rng.choice((*map(json.dumps, VALUES), *YAML_TRICKS))
        return f"{rng.choice(self.keys)}={value}".encode()

    def check(self, data: bytes, path: Path) -> None:
        """Apply the setting to the defaults."""
        load_config(None, (data.decode(),)).to_yaml()


class Models:
    """Folders of a small trained model; the result must give probabilities for a record."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data"
        simulate_dataset(data, records=40, seed=3)
        records = open_records(data).split("train")
        config = load_config(None, TRAINING)
        self.folder = folder / "model"
        DefectClassifier(config).fit(records).save(self.folder)
        model = load_model(self.folder)
        with Preparer(model.config, model.classes, model.state) as preparer:
            self.prepared = next(iter(preparer.prepare(records[:1])))
        self.files = sorted(path.name for path in self.folder.iterdir() if path.is_file() and path.name != "README.md")

    def spoil(self, rng: random.Random) -> tuple[str, bytes | None]:
        """The name of a file of the model, and its mutated contents; None if it is removed."""
        name = rng.choice(self.files)
        data = (self.folder / name).read_bytes()
        if rng.random() < 0.05:
            return name, None
        if name.endswith(".json"):
            return name, spoil_json(data, rng)
        if name.endswith(".safetensors"):
            return name, spoil_weights(data, rng)
        return name, spoil_configuration(yaml.safe_load(data), rng)

    def check(self, spoiled: tuple[str, bytes | None], path: Path) -> None:
        """Load the model, and classify one record."""
        name, data = spoiled
        path.mkdir(exist_ok=True)
        for file in self.files:
            shutil.copyfile(self.folder / file, path / file)
        (path / name).unlink()
        if data is not None:
            (path / name).write_bytes(data)
        model = load_model(path)
        (judgement,) = judge_prepared(model, [self.prepared])
        row = list(judgement.probabilities.values())
        decide(judgement.label, judgement.probabilities, [], model.config.decision)
        assert abs(sum(row) - 1) < 1e-6


KINDS: dict[str, Callable[[Path], Any]] = {
    "pictures": Pictures,
    "tables": Tables,
    "configurations": Configurations,
    "settings": Settings,
    "models": Models,
}


@contextmanager
def _limited() -> Iterator[None]:
    """Limit the time and the memory growth within the context."""

    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if (grown := resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) > MEMORY:
        raise MemoryError(f"grew by {grown} kB")


def try_one(check: Callable[[Any, Path], None], spoiled: Any, path: Path, tally: Tally) -> None:
    """Read one mutation, and count its outcome."""
    start = time.perf_counter()
    try:
        with warnings.catch_warnings(), _limited():
            warnings.simplefilter("error")
            warnings.simplefilter("always", TriptychWarning)
            check(spoiled, path)
        tally.right += 1
    except TriptychError as error:
        tally.refused += 1
        if len(str(error)) > 20_000:
            tally.findings.append({"error": f"a message of {len(str(error))} characters"})
    except (Exception, TooSlow) as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {str(error)[:200]} at {Path(where.filename).name}:{where.lineno}"
        tally.findings.append({"error": text, "input": repr(spoiled)[:300]})
    tally.slowest = max(tally.slowest, round(time.perf_counter() - start, 2))


def run(total: int, seed: int, folder: Path, names: tuple[str, ...] = tuple(KINDS)) -> dict[str, Tally]:
    """Mutate and read about `total` inputs of all kinds."""
    tallies = {}
    shares = sum(SHARES[name] for name in names)
    for name in names:
        kind, tally, rng = KINDS[name](folder), Tally(), random.Random(f"{seed} {name}")
        for _ in silent(range(round(total * SHARES[name] / shares)), name):
            try_one(kind.check, kind.spoil(rng), folder / "spoiled", tally)
        tallies[name] = tally
    return tallies


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = ["# Mutations", "", *(__doc__ or "").strip().splitlines(), ""]
    lines += [
        "| kind | mutations | correct result | TriptychError | findings | slowest, s |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in result["kinds"].items():
        counts = (found["right"], found["refused"], len(found["findings"]))
        lines.append(f"| {name} | {sum(counts)} | {' | '.join(map(str, counts))} | {found['slowest']} |")
    facts = ", ".join(f"{name} {value}" for name, value in result["environment"].items())
    return "\n".join([*lines, "", f"Seed {result['seed']}, {result['seconds']} s. Measured on: {facts}.", ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--kind", action="append", choices=tuple(KINDS), help="run only this kind (repeatable); writes no result"
    )
    args = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, torch_threads(1):
        resource.setrlimit(resource.RLIMIT_AS, (ROOM, resource.RLIM_INFINITY))
        tallies = run(args.mutations, args.seed, Path(folder), tuple(args.kind or KINDS))
    for name, tally in tallies.items():
        print(
            f"{name}: {tally.right} right, {tally.refused} refused, {len(tally.findings)} findings, {tally.slowest} s"
        )
        for text, count in Counter(finding["error"] for finding in tally.findings).most_common(20):
            example = next(finding.get("input", "") for finding in tally.findings if finding["error"] == text)
            print(f"  {count} x {text}\n      {example}")
    kinds = {name: asdict(tally) for name, tally in tallies.items()}
    seconds = round(time.perf_counter() - start)
    result = {"environment": environment(), "seed": args.seed, "seconds": seconds, "kinds": kinds}
    if not args.kind:
        write_result("mutations", result, as_markdown(result))


if __name__ == "__main__":
    main()
