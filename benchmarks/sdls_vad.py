"""Makes a manifest of real robot-camera photographs with text records.

    python benchmarks/sdls_vad.py SOURCE OUT
    triptych benchmark accuracy OUT --splits OUT/splits-few455_balanced.csv -o results

SOURCE contains `images`, `labels.csv` (one row per check, with what was known before the verdict) and `splits.csv`
(`protocol`, `seed`, `row`, `part`). Several checks may share a photograph, and the class depends on the check. No
photograph is on both sides of a split. Columns about the file (size, mode, duplicates) are not part of a record.

Data: "Self-driving-laboratory visual anomaly detection", github.com/letsgo-2/sdls-abnormaldetect, CC BY 4.0.
"""

import argparse
from pathlib import Path

import pandas as pd

PROTOCOL = "few455_balanced"
WORDS = ("step", "phase", "operator", "obj", "start_position", "dest_position", "check_device", "detection_location")
COLUMNS = ("image", "label", *WORDS, "views", "distance", "record_text")  # `record_text` includes the two long texts


def record_names(images: "pd.Series[str]") -> "pd.Series[str]":
    """The ids of a manifest's records: the picture, with `#row` if several rows share it."""
    rows = images + "#" + images.index.astype(str)
    return images.where(~images.duplicated(keep=False), rows)


def main() -> None:
    """Write the manifest and the splits, and link the photographs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    labels = pd.read_csv(args.source / "labels.csv").rename(columns={"file": "image"})
    splits = pd.read_csv(args.source / "splits.csv")
    splits = splits[splits["protocol"] == PROTOCOL]
    args.out.mkdir(parents=True, exist_ok=True)
    if not (args.out / "images").exists():
        (args.out / "images").symlink_to((args.source / "images").resolve())
    labels[list(COLUMNS)].to_csv(args.out / "manifest.csv", index=False)
    names = splits["row"].map(record_names(labels["image"]))
    named = pd.DataFrame({"seed": splits["seed"], "image": names, "split": splits["part"]})
    named.to_csv(args.out / f"splits-{PROTOCOL}.csv", index=False)
    print(f"{len(labels)} records in {args.out}")


if __name__ == "__main__":
    main()
