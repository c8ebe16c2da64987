"""Cross-validated scores from Python: the effect of a branch of the network on your data.

    python examples/cross_validation.py data
    python examples/cross_validation.py --quick          # on simulated records

`DefectClassifier` is a scikit-learn estimator, so scikit-learn's model selection works. This example uses stratified
folds, each trained with and without the readings branch. Pictures are read and encoded once; later folds use the cache.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from triptych import DefectClassifier, RecordSet, load_config, open_records
from triptych.simulate import simulate_dataset

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("data", nargs="?", type=Path, help="labelled records; by default, simulated ones")
parser.add_argument("--quick", action="store_true", help="few records and epochs")
arguments = parser.parse_args()

data = arguments.data
if data is None:
    data = Path(tempfile.mkdtemp()) / "data"
    simulate_dataset(data, records=40 if arguments.quick else 120, seed=3)
records = list(open_records(data).split("train"))

# Every fold needs records of every class, and at least two to train on.
folds = 2 if arguments.quick else 5
counts = Counter(record.label for record in records)
for label in [label for label, count in counts.items() if count < max(folds, 4)]:
    print(f"left out: class {label} has only {counts.pop(label)} records")
records = [record for record in records if record.label in counts]
labels = [record.label for record in records]

# One configuration for each compared variant; everything else is the same.
common = ("experts=[panels, readings]", "cross_fitting.folds=2", "fusion.epochs=8") if arguments.quick else ()
variants = {
    "all branches": load_config(None, common),
    "without the readings branch": load_config(None, (*common, "encoders.readings=false")),
}
parts = StratifiedKFold(n_splits=folds, shuffle=True, random_state=0)
for name, config in variants.items():
    scores = []
    for train, test in parts.split(labels, labels):
        classifier = DefectClassifier(config).fit(RecordSet(tuple(records[i] for i in train)))
        predicted = classifier.predict(RecordSet(tuple(records[i] for i in test)))
        scores.append(100 * f1_score([labels[i] for i in test], predicted, average="macro"))
    print(f"{name}: macro-F1 {sum(scores) / len(scores):.1f} (folds: {', '.join(f'{score:.1f}' for score in scores)})")
