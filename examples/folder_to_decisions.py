"""From a folder of labelled pictures to a table of decisions.

    python examples/folder_to_decisions.py data new-pictures/
    python examples/folder_to_decisions.py --quick          # on simulated records

`data` holds a folder for each class: data/train/normal/0001.png, data/train/scratch/0002.png, and so on. The same can
be done without Python: `triptych train data -o model`, then `triptych predict model new-pictures/ -o decisions.csv`.
"""

import argparse
import csv
import tempfile
from pathlib import Path

from triptych import DefectClassifier, load_config, open_records
from triptych.simulate import simulate_dataset

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("data", nargs="?", type=Path, help="labelled pictures; by default, simulated ones")
parser.add_argument("pictures", nargs="?", type=Path, help="pictures to decide on; by default, the test records")
parser.add_argument("--output", type=Path, default=Path("decisions.csv"))
parser.add_argument("--quick", action="store_true", help="few records and epochs")
arguments = parser.parse_args()

# 1. Labelled records. Without a folder of your own, 120 record pictures are simulated.
data = arguments.data
if data is None:
    data = Path(tempfile.mkdtemp()) / "data"
    simulate_dataset(data, records=40 if arguments.quick else 120, seed=3)
records = open_records(data)
print(f"{len(records.split('train'))} training records of {len({record.label for record in records})} classes")

# 2. Train. The defaults need no GPU and no network. `load_config` takes any setting of the command line's `--set`.
settings = ("experts=[panels, readings]", "cross_fitting.folds=2", "fusion.epochs=8") if arguments.quick else ()
classifier = DefectClassifier(load_config(None, settings), progress=True).fit(records.split("train"))
for failure in classifier.failures_:
    print(f"not used: {failure.id}: {failure.message}")

# 3. Decide. `assess` gives a decision for every record, in order, including records that cannot be read.
new = open_records(arguments.pictures) if arguments.pictures else records.split("test")
decisions = [(item.record.id, item.decision) for item in classifier.assess(new)]

# 4. Write a table. Accepted records can be released; a person must look at the others.
with arguments.output.open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["image", "decision", "class", "confidence", "reasons"])
    for image, decision in decisions:
        row = [decision.verdict, decision.label, f"{decision.confidence:.3f}", "; ".join(decision.reasons)]
        writer.writerow([image, *row])
accepted = sum(decision.verdict == "accept" for _, decision in decisions)
print(f"{accepted} of {len(decisions)} accepted; the table is in {arguments.output}")
