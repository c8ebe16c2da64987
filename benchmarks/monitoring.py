"""How often the watch alarms without a change, and how soon it finds one.

    python benchmarks/monitoring.py --wafers DATA

Streams consist of the true readings of simulated records, drawn without pictures, and of the numbers of real wafer maps
in random order. Each stream has its own training records. A change shifts one reading by a multiple of its standard
deviation, from the first record or after 100 unchanged ones.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from result_files import RESULTS, write_result

from triptych.config import MonitoringConfig
from triptych.evaluation.environment import commit, environment, environment_line
from triptych.monitoring.martingale import combined, log_martingales
from triptych.records.fields import point_readings
from triptych.simulate import CLASSES, RING_EDGES, draw_points

TRAIN, STREAM, CLEAN = 325, 1_000, 100
SHIFTS = (0.5, 1.0)
Table = dict[str, NDArray[np.float64]]


def simulated(seed: int, n: int) -> Table:
    """The true readings of n simulated records."""
    rng = np.random.default_rng([seed, 17])
    rows = [point_readings(draw_points(CLASSES[rng.integers(len(CLASSES))], rng), RING_EDGES) for _ in range(n)]
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def wafers(folder: Path, seed: int) -> Table:
    """The numbers of wafer maps, in random order."""
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    order = np.random.default_rng(seed).permutation(len(rows))[: TRAIN + STREAM]
    names = [name for name in rows[0] if name not in ("image", "label", "split", "group")]
    found = {name: np.array([_number(rows[i][name]) for i in order]) for name in names}
    return {name: values for name, values in found.items() if np.isfinite(values).mean() > 0.5}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def alarm_after(known: Table, new: Table, config: MonitoringConfig, seed: int) -> int | None:
    """The number of records until the alarm; None if there is none."""
    logs = combined(log_martingales(known, new, config, seed))  # type: ignore[arg-type]
    above = np.flatnonzero(logs >= -np.log(config.level))
    return int(above[0]) + 1 if len(above) else None


def run(tables: Iterator[tuple[int, Table]], config: MonitoringConfig, shifted: int) -> dict[str, Any]:
    """False alarms over all streams, and delays of each shift over the first `shifted` of them."""
    false, streams = 0, 0
    delays: dict[str, list[int | None]] = {}
    for seed, table in tables:
        known, new = ({name: v[part] for name, v in table.items()} for part in (slice(TRAIN), slice(TRAIN, None)))
        streams += 1
        false += alarm_after(known, new, config, seed) is not None
        if streams > shifted:
            continue
        names = [name for name, values in known.items() if np.nanstd(values) > 0]
        name = names[seed % len(names)]
        for shift in SHIFTS:
            for clean in (0, CLEAN):
                moved = {n: v[: clean + 300].copy() for n, v in new.items()}
                moved[name][clean:] += shift * np.nanstd(known[name])
                found = alarm_after(known, moved, config, seed)
                late = None if found is None or found <= clean else found - clean
                delays.setdefault(f"{shift:g} sigma, after {clean}", []).append(late)
    return {"streams": streams, "quantities": len(known), "false_alarms": false, "delays": delays}


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# False alarms and delays of the watch",
        "",
        f"{TRAIN} training records, streams of {STREAM} records, alarm level {100 * result['level']:g}%. Delays are "
        "counted in records after the change; a stream without an alarm in 300 records counts as later.",
    ]
    for name, found in result["sets"].items():
        lines += [
            "",
            f"## {name}",
            "",
            f"{found['quantities']} quantities. False alarms: {found['false_alarms']} of {found['streams']} streams.",
            "",
            "| change in one quantity | streams | median delay | alarm within 100 records |",
            "|---|---|---|---|",
        ]
        for change, delays in found["delays"].items():
            late = np.array([np.inf if d is None else d for d in delays])
            median = f"{np.median(late):.0f}" if np.isfinite(np.median(late)) else "later"
            lines.append(f"| {change} | {len(late)} | {median} | {100 * (late <= 100).mean():.0f}% |")
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark and write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--wafers", type=Path, help="records of benchmarks/wm811k.py")
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--shifted", type=int, default=60, help="streams that are also shifted")
    args = parser.parse_args()
    config = MonitoringConfig()
    drawn = ((seed, simulated(seed, TRAIN + STREAM)) for seed in range(args.streams))
    sets = {"Simulated records": run(drawn, config, args.shifted)}
    if args.wafers:
        maps = ((seed, wafers(args.wafers, seed)) for seed in range(args.streams))
        sets["Wafer maps"] = run(maps, config, args.shifted)
    result = {"sets": sets, "level": config.level, "commit": commit(), "machine": environment()}
    write_result("monitoring", result, as_markdown(result))
    print(as_markdown(result), f"written to {RESULTS}")


if __name__ == "__main__":
    main()
