"""Draws dot plots in many styles and measures how they are digitised, by comparison with the dots that were drawn.

    python benchmarks/plots.py                    # styles that were not looked at during development
    python benchmarks/plots.py --set developed

A plot is right if it is found and its count is within COUNT_ERROR, its centroid within CENTROID_ERROR and its sigmas
within SIGMA_ERROR of the dots. Pictures of other charts must not give a plot.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from plot_charts import CHARTS, draw_chart
from plot_styles import STYLES, Drawn, Style, draw, draw_cloud
from result_files import write_result

from triptych.evaluation.environment import environment, environment_line
from triptych.reading import PlotMeasures, digitise

CLOUDS = ("normal", "shifted", "two clusters", "ring")
COUNTS = (300, 600)
COUNT_ERROR, CENTROID_ERROR, SIGMA_ERROR = 0.2, 0.02, 0.02  # share of the dots, which overlap; outer radii


def compare(found: PlotMeasures | None, drawn: Drawn, tilt: float) -> dict[str, float] | None:
    """The errors of one digitised plot: the count as a share, the others in outer radii; None if it was not found."""
    if found is None:
        return None
    middle = np.array(drawn.picture.size) / 2
    angle = np.radians(tilt)
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    center = middle + back @ (np.array(found.center_px) - middle)
    centroid = center + np.array([found.centroid_x, -found.centroid_y]) * found.radius_px
    sigma = np.array([found.sigma_x, found.sigma_y]) * found.radius_px
    return {
        "count": float(found.count / len(drawn.dots) - 1),
        "centroid": float(np.abs(centroid - drawn.dots.mean(axis=0)).max() / drawn.radius),
        "sigma": float(np.abs(sigma - drawn.dots.std(axis=0)).max() / drawn.radius),
    }


def measure(style: Style, plots: int, seed: int, keep: Path | None = None) -> dict[str, Any]:
    """Draw and digitise `plots` plots in `style`."""
    rows, seconds = [], []
    for index in range(plots):
        rng = np.random.default_rng([seed, index])
        points = draw_cloud(CLOUDS[index % len(CLOUDS)], int(rng.integers(*COUNTS, endpoint=True)), rng)
        drawn = draw(style, points, rng)
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            drawn.picture.save(keep / f"{style.name.replace(' ', '_')}-{index}.png")
        start = time.perf_counter()
        found = digitise(drawn.picture)
        seconds.append(time.perf_counter() - start)
        rows.append(compare(found, drawn, style.tilt))
    return {
        "style": style.name,
        "errors": rows,
        "right": sum(map(is_right, rows)),
        "seconds": float(np.median(seconds)),
    }


def is_right(errors: Mapping[str, float] | None) -> bool:
    """Whether all errors of a plot are within the limits."""
    return errors is not None and (
        abs(errors["count"]) <= COUNT_ERROR and errors["centroid"] <= CENTROID_ERROR and errors["sigma"] <= SIGMA_ERROR
    )


def charts(seed: int, each: int) -> dict[str, int]:
    """How many of `each` pictures of other charts are taken for a dot plot, by kind."""
    return {
        kind: sum(digitise(draw_chart(kind, np.random.default_rng([seed, i]))) is not None for i in range(each))
        for kind in CHARTS
    }


def photographs(folder: Path, count: int) -> dict[str, int]:
    """How many photographs of a folder are taken for a dot plot."""
    paths = sorted(folder.glob("*.jpg"))[:: max(1, len(list(folder.glob("*.jpg"))) // count)]
    return {"photographs": len(paths), "plots": sum(digitise(Image.open(path)) is not None for path in paths)}


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    rows, plots = result["styles"], result["plots"]
    right, total = sum(row["right"] for row in rows), plots * len(rows)
    lines = [
        f"# Digitising dot plots in {len(rows)} styles ({result['set']})",
        "",
        f"{right} of {total} plots are right ({100 * right / total:.0f}%): found, the count within {COUNT_ERROR:.0%}, "
        f"centroid and sigmas within {CENTROID_ERROR} and {SIGMA_ERROR} outer radii. Seed {result['seed']}; "
        f"{COUNTS[0]} to {COUNTS[1]} dots: {', '.join(CLOUDS)}.",
        "",
        "| style | found | right | count | centroid | sigma | ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        found = [errors for errors in row["errors"] if errors]
        middle = [_median([abs(errors[name]) for errors in found]) for name in ("count", "centroid", "sigma")]
        lines.append(
            f"| {row['style']} | {len(found)}/{plots} | {row['right']}/{plots} | {middle[0]:.3f} | {middle[1]:.4f} | "
            f"{middle[2]:.4f} | {1000 * row['seconds']:.0f} |"
        )
    taken = ", ".join(f"{kind} {count} of {result['each']}" for kind, count in result["charts"].items())
    lines += ["", "The errors are medians of the plots found.", "", f"Other charts taken for a dot plot: {taken}."]
    if photos := result.get("photographs"):
        lines += ["", f"Photographs taken for a dot plot: {photos['plots']} of {photos['photographs']}."]
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def _median(values: Sequence[float]) -> float:
    numbers: NDArray[np.float64] = np.array(values)
    return float(np.median(numbers)) if len(numbers) else float("nan")


def main() -> None:
    """Run the benchmark and write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--set", choices=list(STYLES), default="unseen")
    parser.add_argument("--plots", type=int, default=8, help="plots of each style")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="only styles whose name contains this; nothing is written")
    parser.add_argument("--keep", type=Path, help="folder for the pictures")
    parser.add_argument("--photographs", type=Path, help="folder of photographs without plots")
    args = parser.parse_args()
    rows = []
    for style in STYLES[args.set]:
        if args.only not in style.name:
            continue
        rows.append(measure(style, args.plots, args.seed, args.keep))
        print(
            f"{rows[-1]['right']}/{args.plots}",
            style.name,
            [_short(errors) for errors in rows[-1]["errors"]],
            flush=True,
        )
    if args.only:
        return
    result = {"set": args.set, "seed": args.seed, "plots": args.plots, "each": 4, "styles": rows}
    result |= {"charts": charts(args.seed, 4), "machine": environment()}
    if args.photographs:
        result["photographs"] = photographs(args.photographs, 100)
    print(result["charts"], result.get("photographs"))
    write_result(f"plots-{args.set}", result, as_markdown(result))


def _short(errors: Mapping[str, float] | None) -> str:
    return "-" if errors is None else "/".join(f"{1000 * value:.0f}" for value in errors.values())


if __name__ == "__main__":
    main()
