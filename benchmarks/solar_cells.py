"""Makes a manifest of electroluminescence pictures of solar cells with four levels of defect probability.

    pip install elpv-dataset
    python benchmarks/solar_cells.py OUT
    triptych benchmark accuracy OUT --splits OUT/splits-four_levels.csv --set 'normal="0"' -o results

The package `elpv-dataset` contains 2,624 grey pictures of 300 x 300 pixels. The levels 0, 1/3, 2/3 and 1 are the labels
`0`, `0.33`, `0.67` and `1`; `0` is the normal class. The type of the module is not part of a record.

Each seed draws 325 training and 400 test pictures, stratified by level: of all four levels (`splits-four_levels.csv`),
and of the levels 0 and 1 (`splits-zero_or_one.csv`). `splits-four_levels-dev.csv` is for the choice of settings. Its
pictures are in no test of the other two tables, so level 1 has a smaller share in it: 131 of the 798 remaining
pictures, instead of 715 of 2,624.

Data: CC BY-NC-SA 4.0. Buerhop-Lutz et al., "A benchmark for visual identification of defective solar cells in
electroluminescence imagery", EU PVSEC 2018, doi 10.4229/35thEUPVSEC20182018-5CV.3.15; Deitsch et al., "Automatic
classification of defective photovoltaic module cells in electroluminescence images", Solar Energy 185:455-468, 2019,
doi 10.1016/j.solener.2019.02.067; Deitsch et al., "Segmentation of photovoltaic module cells in uncalibrated
electroluminescence images", Machine Vision and Applications 32(4), 2021, doi 10.1007/s00138-021-01191-9.
"""

import argparse
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

TRAIN, TEST = 325, 400
SEEDS, DEVELOPMENT = range(5), range(1000, 1004)
LEVELS = {"0.00": "0", "0.33": "0.33", "0.67": "0.67", "1.00": "1"}  # labels by probability with two decimals
EXTREMES = ("0", "1")


def installed_data() -> Path:
    """The folder `data` of the installed package."""
    spec = find_spec("elpv_dataset")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "solar_cells: the package elpv-dataset is not installed: pip install elpv-dataset, or name its "
            "unpacked data folder with --source"
        )
    return Path(spec.origin).parent / "data"


def read_labels(source: Path) -> pd.DataFrame:
    """The columns `image` and `label` of all pictures."""
    rows = [line.split() for line in (source / "labels.csv").read_text().splitlines() if line.strip()]
    labels = [LEVELS[f"{float(probability):.2f}"] for _, probability, _ in rows]
    return pd.DataFrame({"image": [image for image, _, _ in rows], "label": labels})


def divisions(records: pd.DataFrame, seeds: Iterable[int]) -> pd.DataFrame:
    """The rows `seed`, `image`, `split` of one split for each seed, stratified by label."""
    parts = []
    for seed in seeds:
        train, test = train_test_split(
            records, train_size=TRAIN, test_size=TEST, stratify=records["label"], random_state=seed
        )
        parts += [part[["image"]].assign(seed=seed, split=name) for part, name in ((train, "train"), (test, "test"))]
    return pd.concat(parts)[["seed", "image", "split"]]


def main(arguments: list[str] | None = None) -> None:
    """Write the manifest and the splits, and link the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--source", type=Path, help="the package's folder `data`  [default: the installed package's]")
    args = parser.parse_args(arguments)
    source = args.source or installed_data()
    records = read_labels(source)
    args.out.mkdir(parents=True, exist_ok=True)
    if not (args.out / "images").exists():
        (args.out / "images").symlink_to((source / "images").resolve())
    records.to_csv(args.out / "manifest.csv", index=False)
    tables = {
        "four_levels": divisions(records, SEEDS),
        "zero_or_one": divisions(records[records["label"].isin(EXTREMES)], SEEDS),
    }
    tested = {image for table in tables.values() for image in table["image"][table["split"] == "test"]}
    tables["four_levels-dev"] = divisions(records[~records["image"].isin(tested)], DEVELOPMENT)
    for name, table in tables.items():
        table.to_csv(args.out / f"splits-{name}.csv", index=False)
    print(f"{len(records)} records in {args.out}, {len(records) - len(tested)} of them in no test split")


if __name__ == "__main__":
    main()
