"""The summary of an audit in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from triptych.audit.audit import Audit
from triptych.audit.finding import KINDS

SURE = {"certain": "Certain", "likely": "Likely", "possible": "Possible"}


@dataclass(frozen=True)
class Headline:
    """How a kind of findings is called.

    Attributes:
        one: of one finding.
        title: of its section.
        short: of its link.
        meaning: what it is, in a sentence.
        clean: what is said if there is none.
    """

    one: str
    title: str
    short: str
    meaning: str
    clean: str


HEADLINES: Mapping[str, Headline] = {
    "label-errors": Headline(
        "doubtful label",
        "Doubtful labels",
        "Labels",
        "Experts that were trained without these records find another class far more probable, and most of the nearest "
        "neighbours have another label. Records between two classes are here too, so look before you correct.",
        "No label is doubted by both the experts and the neighbours.",
    ),
    "two-labels": Headline(
        "one picture with two labels",
        "One picture, two labels",
        "Two labels",
        "The pictures are (nearly) equal, and so are the numbers, but the labels differ. One of them is wrong.",
        "No picture has two labels.",
    ),
    "duplicates": Headline(
        "duplicate",
        "Pictures that repeat",
        "Duplicates",
        "The pictures are (nearly) equal. Scores are too good if a model is tested on what it was trained on.",
        "No picture repeats another one, outside of groups.",
    ),
    "contradictions": Headline(
        "contradiction",
        "Numbers that contradict the plot",
        "Contradictions",
        "The numbers of these records contradict one another or the plot.",
        "No number contradicts another one or a plot.",
    ),
    "leaks": Headline(
        "leak",
        "Fields that leak the label",
        "Leaks",
        "These fields measure nothing, but tell the class. A model learns them instead of the defect.",
        "No identifying field tells the class.",
    ),
    "batch-effects": Headline(
        "batch effect",
        "Batch effects",
        "Batches",
        "Records of one class differ between groups, dates or splits by more than chance.",
        "Records of one class do not differ between groups, dates or splits.",
    ),
    "class-sizes": Headline(
        "class that is too small",
        "Classes that are too small",
        "Class sizes",
        "There are too few records for what is asked of them.",
        "All classes are large enough for folds, for sets of classes, and to prove the escape rate that is asked for.",
    ),
}


def summary(audit: Audit) -> list[str]:
    """What was audited and found, in sentences."""
    n, classes = len(audit.records), len(audit.classes)
    lines = [f"{n:,} records of {classes} classes were audited."]
    if audit.failures:
        lines.append(f"{len(audit.failures):,} more could not be read.")
    doubted = len(audit.of_kind("label-errors"))
    lines.append(
        f"Experts and neighbours that had not seen a record agree with {audit.agreement:.0%} of the labels and "
        f"strongly doubt {doubted}; confident learning estimates up to {audit.expected_errors:.0f} wrong labels."
    )
    other = [f"{count} {_plural(kind, count)}" for kind in KINDS[1:] if (count := len(audit.of_kind(kind)))]
    lines.append(f"Also found: {', '.join(other)}." if other else "Nothing else was found.")
    return lines


def _plural(kind: str, count: int) -> str:
    """The findings of one kind as a noun."""
    nouns = {
        "two-labels": ("picture with two labels", "pictures with two labels"),
        "class-sizes": ("limit of class sizes", "limits of class sizes"),
    }
    one, many = nouns.get(kind, (HEADLINES[kind].one, f"{HEADLINES[kind].one}s"))
    return one if count == 1 else many
