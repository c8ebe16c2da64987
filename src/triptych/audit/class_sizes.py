"""Classes that are too small for what is asked of them: folds, sets of classes, and a promised escape rate."""

from collections import defaultdict
from collections.abc import Sequence

from triptych.audit.finding import Finding
from triptych.config import Config
from triptych.decision.bounds import least_records, upper_bound
from triptych.decision.prediction_sets import least_class_records
from triptych.records import Record
from triptych.records.splits import TRAIN, sides


def size_findings(records: Sequence[Record], normal: str | None, config: Config) -> list[Finding]:
    """A finding for every class that is too small for something, and one for too few defective records."""
    units: dict[str, set[int]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    for record, side in zip(records, sides(records), strict=True):
        units[record.label or ""].add(side)
        counts[record.label or ""] += 1
    found = [
        finding for name in sorted(counts) if (finding := _class_finding(name, counts[name], len(units[name]), config))
    ]
    found += _one_split(records)
    if normal is not None:
        found += _escapes(sum(len(some) for name, some in units.items() if name != normal), config)
    return found


def _class_finding(name: str, count: int, units: int, config: Config) -> Finding | None:
    wants = []
    folds = config.cross_fitting.folds
    if units < 2:
        wants.append("to be in training and in a test, it needs at least 2 pictures or groups")
    elif folds > 1 and units < folds:
        wants.append(f"to be in every one of {folds} folds, it needs {folds} pictures or groups")
    confidence = config.decision.confidence
    if units < (least := least_class_records(confidence)):
        wants.append(f"for prediction sets with {confidence:.0%} confidence, it needs {least} pictures or groups")
    if not wants:
        return None
    of = f" of {units} pictures or groups" if units < count else ""
    return Finding(
        kind="class-sizes",
        records=(),
        sure="certain",
        words=f"class {name} has {count} record(s){of}; {'; '.join(wants)}",
        advice="Add records of this class, or join it with another class",
        subject=name,
    )


def _one_split(records: Sequence[Record]) -> list[Finding]:
    """Classes that the given splits leave out of training."""
    trained = {record.label for record in records if record.split == TRAIN}
    missing = sorted({record.label or "" for record in records} - {name or "" for name in trained}) if trained else []
    return [
        Finding(
            kind="class-sizes",
            records=(),
            sure="certain",
            words=f"class {name} has no record in the split {TRAIN}, so no model can predict it",
            advice=f"Move some of its records to {TRAIN}",
            subject=name,
        )
        for name in missing
    ]


def _escapes(defective: int, config: Config) -> list[Finding]:
    """Whether even without a single escape the defective records can prove the escape rate that is asked for.

    Records that share a picture or a group count as one, as in `triptych.decision.operating_point`.
    """
    asked, confidence = config.decision.max_escape or config.audit.escape_rate, config.decision.confidence
    if defective == 0 or (bound := upper_bound(0, defective, confidence)) <= asked:
        return []
    words = f"with {defective} defective record(s) and no escape, only an escape rate below {bound:.1%} can be promised"
    return [
        Finding(
            kind="class-sizes",
            records=(),
            sure="certain",
            words=f"{words} ({confidence:.0%} confidence); {asked:.1%} needs {least_records(asked, confidence)}",
            advice="Add defective records, or promise less",
        )
    ]
