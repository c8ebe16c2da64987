"""The records that a person must look at, the most doubtful first.

    python examples/review_list.py model new-pictures/
    python examples/review_list.py --quick          # trains a small model on simulated records first

For each record: the picture, the most probable class, the second one, and the reasons for review.
"""

import argparse
import tempfile
from pathlib import Path

from triptych import DefectClassifier, load_config, open_records
from triptych.simulate import simulate_dataset

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model", nargs="?", type=Path, help="the folder of a trained model")
parser.add_argument("pictures", nargs="?", type=Path, help="a folder of pictures, or a manifest")
parser.add_argument("--quick", action="store_true", help="few records and epochs, if no model is given")
arguments = parser.parse_args()

if arguments.model and arguments.pictures:
    classifier = DefectClassifier.load(arguments.model)
    records = open_records(arguments.pictures)
else:
    data = Path(tempfile.mkdtemp()) / "data"
    simulate_dataset(data, records=40 if arguments.quick else 120, seed=3)
    settings = ("experts=[panels, readings]", "cross_fitting.folds=2", "fusion.epochs=8") if arguments.quick else ()
    classifier = DefectClassifier(load_config(None, settings)).fit(open_records(data).split("train"))
    records = open_records(data).split("test")

# A record that cannot be read has no class; it comes first.
waiting = [item for item in classifier.assess(records) if item.decision.verdict == "review"]
waiting.sort(key=lambda item: item.decision.confidence)

print(f"{len(waiting)} of {len(records)} records to review")
for number, item in enumerate(waiting, start=1):
    decision = item.decision
    likely = sorted(decision.probabilities.items(), key=lambda pair: -pair[1])[:2]
    classes = ", ".join(f"{name} {probability:.0%}" for name, probability in likely)
    print(f"\n{number}. {item.record.id}")
    print(f"   {'cannot be used' if item.error else classes}")
    for reason in decision.reasons:
        print(f"   - {reason}")
