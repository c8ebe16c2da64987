"""Records that belong together must stay together: a manifest with the column `group`.

    python examples/lots.py manifest.csv
    python examples/lots.py --quick          # on simulated records of eight lots

Records of one lot, tile or serial number are alike. If some of them are in the training set and others in the test set,
the score measures how well the model knows the lot, not how well it predicts the next lot. A manifest with the columns
`image`, `label` and `group` keeps every group on one side of each split. From the command line:
`triptych train manifest.csv -o model`, or with `--group COLUMN` if the column has another name.
"""

import argparse
import csv
import tempfile
from pathlib import Path

from triptych import DefectClassifier, load_config, open_records
from triptych.evaluation.evaluate import evaluate
from triptych.records import ensure_splits
from triptych.simulate import simulate_dataset

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("manifest", nargs="?", type=Path, help="a table with the columns image, label and group")
parser.add_argument("--quick", action="store_true", help="few records and epochs")
arguments = parser.parse_args()

# 1. A manifest. By default, simulated pictures are listed and assigned to lots in turn.
manifest = arguments.manifest
if manifest is None:
    data = Path(tempfile.mkdtemp()) / "data"
    simulate_dataset(data, records=40 if arguments.quick else 120, seed=3)
    pictures = open_records(data)
    manifest = data / "manifest.csv"
    with manifest.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "label", "group"])
        for number, record in enumerate(pictures):
            writer.writerow([Path(record.image).relative_to(data), record.label, f"lot-{number % 8}"])

# 2. Without a column `split`, a fifth of the records is set aside for testing, in whole groups.
records = ensure_splits(open_records(manifest), seed=0)
train, test = records.split("train"), records.split("test")
print(f"lots trained on: {sorted({record.group for record in train})}")
print(f"lots tested on:  {sorted({record.group for record in test})}")

# 3. Train and score as usual. Folds within the training also keep groups together.
settings = ("experts=[panels, readings]", "cross_fitting.folds=2", "fusion.epochs=8") if arguments.quick else ()
classifier = DefectClassifier(load_config(None, settings)).fit(train)
print(f"macro-F1 on lots that the model has never seen: {evaluate(classifier, test).scores.macro_f1:.1f}")
