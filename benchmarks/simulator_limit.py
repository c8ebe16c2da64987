"""Estimates the Bayes limit of simulated records, from exact points instead of pictures.

Draws 25 times the paper's 455 records, computes features of the points of each record, and cross-validates gradient
boosting. Three nested sets of features show the limit of the printed table, the gain from radial profiles, and the gain
from the profiles of each axis. The simulator is correct if exact points give macro-F1 93.8 for five classes and 97.2
for normal against defective, within one point. Readings from pictures cannot be expected to exceed the last set.

    python benchmarks/simulator_limit.py [--copies 25] [--seed 20240] [--out benchmarks/results]

Writes OUT/simulator_limit.json and OUT/simulator_limit.md.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from triptych.evaluation.environment import environment, environment_line
from triptych.records.fields import point_readings
from triptych.simulate.classes import CLASS_SPECS, CLASSES, draw_points
from triptych.simulate.layout_spec import RING_EDGES

REFERENCE = {"macro_f1": 93.8, "binary_macro_f1": 97.2}
FEATURE_SETS = {
    "printed": "the printed values: total, means, sigmas, rings",
    "radial": "also the correlation, the kurtoses and the profile of the Mahalanobis radius",
    "marginal": "also the profile of each axis, with the width of the cloud in its core and wings",
}
FOLDS, BOOTSTRAPS = 5, 300

Array = NDArray[Any]


def printed(points: Array) -> list[float]:
    """The readings of points [n, 2] in um, with rings as shares, and the offset, anisotropy and size of the cloud."""
    total, *rest = point_readings(points, RING_EDGES).values()
    moments, rings = rest[:4], rest[4:]
    (mean_x, mean_y), log_sd = moments[:2], np.log(moments[2:])
    ratios = [np.hypot(mean_x, mean_y), log_sd[0] - log_sd[1], log_sd.sum()]
    return [total, mean_x, mean_y, *log_sd, *ratios, *(ring / total for ring in rings)]


def radial(z: Array) -> list[float]:
    """Features of standardised points [n, 2]: correlation, kurtoses, profile of the squared Mahalanobis radius."""
    rho = (z[:, 0] * z[:, 1]).mean()
    square = (z[:, 0] ** 2 - 2 * rho * z[:, 0] * z[:, 1] + z[:, 1] ** 2) / (1 - rho**2)
    shares = [(square < edge).mean() for edge in (0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 14)]
    means = [(square**2).mean(), np.log(square).mean(), np.log1p(square).mean(), square.max()]
    return [rho, *sorted((z**4).mean(axis=0)), *shares, *means]


def marginal(z: Array) -> list[float]:
    """Features of standardised points [n, 2]: the profile of each axis, the flatter first, and their difference.

    A candy is aligned with one of the axes, and has a low kurtosis along it.
    """
    rho = (z[:, 0] * z[:, 1]).mean()
    profiles = [_axis_profile(z[:, axis], z[:, 1 - axis] - rho * z[:, axis]) for axis in (0, 1)]
    flatter, other = sorted(profiles)
    return [*flatter, *other, *np.subtract(profiles[0], profiles[1])]


def _axis_profile(along: Array, across: Array) -> list[float]:
    """Features of one axis [n]: kurtosis, moments and shares of the absolute value, and width in core and wings."""
    size = np.abs(along)
    shares = [(size < edge).mean() for edge in (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)]
    flare = np.log(across[size > 1.1].std() / across[size < 0.8].std())
    return [(along**4).mean(), size.mean(), (size**3).mean(), *shares, flare, (along**2 * across**2).mean()]


def features(points: Array) -> dict[str, list[float]]:
    """The features of one record, by set."""
    z = (points - points.mean(axis=0)) / points.std(axis=0)
    return {"printed": printed(points), "radial": radial(z), "marginal": marginal(z)}


def simulate(copies: int, seed: int) -> tuple[dict[str, Array], Array]:
    """Simulate `copies` times the paper's records; return features [n, ...] by set, and class indices [n]."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(len(CLASSES)), [copies * CLASS_SPECS[label].count for label in CLASSES])
    rows = [features(draw_points(CLASSES[index], rng)) for index in y]
    return {name: np.array([row[name] for row in rows]) for name in FEATURE_SETS}, y


def score(y: Array, predicted: Array) -> dict[str, float]:
    """Macro-F1 in percent, over the five classes and for normal against defective."""
    return {
        "macro_f1": 100 * f1_score(y, predicted, average="macro"),
        "binary_macro_f1": 100 * f1_score(y > 0, predicted > 0, average="macro"),
    }


def evaluate(x: Array, y: Array, seed: int) -> dict[str, Any]:
    """Cross-validated scores of gradient boosting on `x` [n, d], with 95% intervals over bootstrapped records."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    predicted = cross_val_predict(HistGradientBoostingClassifier(random_state=seed), x, y, cv=folds)
    rng = np.random.default_rng(seed)
    draws = (rng.integers(len(y), size=len(y)) for _ in range(BOOTSTRAPS))
    resampled = [score(y[draw], predicted[draw]) for draw in draws]
    interval = {name: np.percentile([s[name] for s in resampled], (2.5, 97.5)).round(2).tolist() for name in REFERENCE}
    f1 = 100 * f1_score(y, predicted, average=None)
    return {
        "features": x.shape[1],
        **{name: round(value, 2) for name, value in score(y, predicted).items()},
        "interval_95": interval,
        "f1": dict(zip(CLASSES, f1.round(2).tolist(), strict=True)),
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Limit of simulated records, from exact points",
        "",
        f"{result['n']} simulated records (seed {result['seed']}), {FOLDS}-fold cross-validated gradient boosting. "
        "Scores are macro-F1 in percent, with the 95% interval over bootstrapped records in brackets. "
        f"The reference figures are {REFERENCE['macro_f1']} and {REFERENCE['binary_macro_f1']}.",
        "",
        "| features | number | five classes | normal/defective | " + " | ".join(CLASSES) + " |",
        "|---" * (4 + len(CLASSES)) + "|",
    ]
    for name, scores in result["scores"].items():
        both = [f"{scores[key]:.1f} ({low:.1f}-{high:.1f})" for key, (low, high) in scores["interval_95"].items()]
        cells = [f"{name}: {FEATURE_SETS[name]}", str(scores["features"]), *both]
        lines.append("| " + " | ".join(cells + [f"{value:.1f}" for value in scores["f1"].values()]) + " |")
    end = f"Measured in {result['seconds']:.0f} s. {environment_line(result['machine'])}"
    return "\n".join([*lines, "", end, ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--copies", type=int, default=25, help="number of records as a multiple of the paper's 455")
    parser.add_argument("--seed", type=int, default=20240)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    start = time.perf_counter()
    x, y = simulate(args.copies, args.seed)
    scores, columns = {}, np.empty((len(y), 0))
    for name in FEATURE_SETS:
        columns = np.hstack([columns, x[name]])
        scores[name] = evaluate(columns, y, args.seed)
        print(name, scores[name], flush=True)
    result = {
        "n": len(y),
        "seed": args.seed,
        "folds": FOLDS,
        "reference": REFERENCE,
        "scores": scores,
        "seconds": round(time.perf_counter() - start, 1),
        "machine": environment(),
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "simulator_limit.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (args.out / "simulator_limit.md").write_text(as_markdown(result), encoding="utf-8")


if __name__ == "__main__":
    main()
