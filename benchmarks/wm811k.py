"""Makes inspection records of real wafer maps (WM-811K): a dot plot of the failing dies, and the recorded numbers.

    python benchmarks/wm811k.py SOURCE OUT
    triptych benchmark accuracy OUT --splits OUT/splits-ase_sizes_none_normal.csv -o results

SOURCE contains `wm811k.npz` (`flat`, `offset`, `shape`: maps with 0 off the wafer, 1 for a good die, 2 for a failing
die), `labels.csv` (one row per map) and `splits.csv` (`protocol`, `seed`, `row`, `part`). Only maps in one of PROTOCOLS
are drawn.

Lengths in the source are in wafer radii. They are converted to um with a wafer radius of 20 um, about the range of
record sheets of drilled holes, and get the names of a record's readings: `mean_x` is the mean of the failing dies, and
`ring_4_6` their number between 20 and 30% of the radius.

Data: Ming-Ju Wu, Jyh-Shing Roger Jang, Jui-Long Chen, "Wafer Map Failure Pattern Recognition and Similarity Ranking for
Large-Scale Data Sets", IEEE Trans. Semiconductor Manufacturing 28(1):1-12, 2015, doi 10.1109/TSM.2014.2364237; and
MIR-WM811K, http://mirlab.org/dataset/public/, copyright 2015 Jyh-Shing Roger Jang.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from triptych.records.fields import ring_name

PROTOCOLS = ("ase_sizes_none_normal", "nine_class_36train_100test")
RADIUS_UM = 20.0
SIDE, RADIUS = 512, 224.0  # px, side of the picture and radius of the wafer
CIRCLES = (0.5, 1.08)  # in wafer radii; the outer circle is outside all dies
DOT_SHARE, DOT_RADIUS = 0.25, (1.0, 3.0)  # radius as a share of the distance between dies; its limits in px
PINK, GRAY = (225, 60, 150), (150, 150, 150)
FAILING = 2

NAMES = {"n_fail": "total", "n_die": "dies", "mu_x": "mean_x", "mu_y": "mean_y"} | {
    f"cnt_r{low:02d}_{low + 10}": ring_name(low / 100 * RADIUS_UM, (low + 10) / 100 * RADIUS_UM)
    for low in range(0, 100, 10)
}
LENGTHS = {"mu_x": 1, "mu_y": 1, "sigma_x": 1, "sigma_y": 1, "mean_r": 1, "sigma_r": 1, "cov_xy": 2}  # powers of um
LEFT_OUT = ("id", "source_split", "dup_group")  # columns that are not part of a record


def dot_plot(wafer: NDArray[np.uint8]) -> Image.Image:
    """The map [rows, columns] as dots within the wafer's outline, RGB."""
    import cv2

    canvas = np.full((SIDE, SIDE, 3), 255, dtype=np.uint8)
    middle, shift = SIDE // 2, 4  # OpenCV takes coordinates as multiples of 1/16 px
    reach = round(CIRCLES[-1] * RADIUS)
    cv2.line(canvas, (middle, middle - reach), (middle, middle + reach), GRAY, 1)
    cv2.line(canvas, (middle - reach, middle), (middle + reach, middle), GRAY, 1)
    for share in CIRCLES:
        cv2.circle(canvas, (middle << shift,) * 2, round(share * RADIUS * 2**shift), GRAY, 1, cv2.LINE_AA, shift)
    pitch = 2 * RADIUS / np.array(wafer.shape[::-1])  # px between dies, across and down
    size = float(np.clip(DOT_SHARE * pitch.min(), *DOT_RADIUS))
    rows, columns = np.nonzero(wafer == FAILING)
    centres = middle - RADIUS + (np.stack([columns, rows], axis=1) + 0.5) * pitch
    for x, y in np.rint(centres * 2**shift).astype(int).tolist():
        cv2.circle(canvas, (x, y), round(size * 2**shift), PINK, -1, cv2.LINE_AA, shift)
    return Image.fromarray(canvas)


def manifest(labels: pd.DataFrame, rows: list[int]) -> pd.DataFrame:
    """The chosen rows, with the names of their pictures and with Triptych's names for the readings."""
    chosen = labels.loc[rows].drop(columns=list(LEFT_OUT))
    for name, power in LENGTHS.items():
        chosen[name] = (chosen[name] * RADIUS_UM**power).round(4)
    chosen.insert(0, "image", [_picture(row) for row in rows])
    return chosen.rename(columns=NAMES)


def _picture(row: int) -> str:
    return f"maps/{row:05d}.png"


def main() -> None:
    """Draw the maps, and write the manifest and the splits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    splits = pd.read_csv(args.source / "splits.csv")
    splits = splits[splits["protocol"].isin(PROTOCOLS)]
    rows: list[int] = sorted(splits["row"].unique().tolist())
    (args.out / "maps").mkdir(parents=True, exist_ok=True)
    manifest(pd.read_csv(args.source / "labels.csv"), rows).to_csv(args.out / "manifest.csv", index=False)
    for protocol, part in splits.groupby("protocol"):
        named = pd.DataFrame({"seed": part["seed"], "image": part["row"].map(_picture), "split": part["part"]})
        named.to_csv(args.out / f"splits-{protocol}.csv", index=False)
    data: dict[str, Any] = dict(np.load(args.source / "wm811k.npz", allow_pickle=False))
    for row in rows:
        wafer = data["flat"][data["offset"][row] : data["offset"][row + 1]].reshape(data["shape"][row])
        dot_plot(wafer).save(args.out / _picture(row))
    print(f"{len(rows)} maps in {args.out}")


if __name__ == "__main__":
    main()
