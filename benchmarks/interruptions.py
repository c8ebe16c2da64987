"""Checks that a training killed at random times (SIGKILL) and resumed gives the same model as an uninterrupted one."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from result_files import write_result

from triptych.evaluation.environment import environment

FILES = ("config.yaml", "labels.json", "readings.json", "weights.safetensors")


def train(data: Path, folder: Path, kill_after: float | None = None) -> tuple[bool, float]:
    """Run `triptych train` with separate caches; return whether it finished, and after how many seconds."""
    command = [sys.executable, "-m", "triptych", "train", str(data), "-o", str(folder / "model")]
    env = os.environ | {"TRIPTYCH_CACHE": str(folder / "cache")}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        status = process.wait(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False, time.perf_counter() - start
    if status:
        raise SystemExit(f"training ended with status {status}")
    return True, time.perf_counter() - start


def content(folder: Path) -> dict[str, bytes]:
    """The contents of the model's files, without metrics.json, which contains times."""
    return {name: (folder / "model" / name).read_bytes() for name in FILES}


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        simulate = [sys.executable, "-m", "triptych", "simulate", str(root / "data"), "--records", str(args.records)]
        subprocess.run(simulate, check=True)
        _, seconds = train(root / "data", root / "whole")
        finished, moments = False, []
        while len(moments) < args.kills and not finished:
            moment = rng.uniform(2, 0.6 * seconds)
            finished, _ = train(root / "data", root / "killed", moment)
            moments += [] if finished else [round(moment, 1)]
        train(root / "data", root / "killed")
        same = content(root / "whole") == content(root / "killed")
    result = {"records": args.records, "killed_after_seconds": moments, "same_model": same, "machine": environment()}
    write_result("interruptions", result)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
