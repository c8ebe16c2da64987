"""Checks the answers of VLM and LLM against readings and labels.

Statements are found in each sentence by keywords: the position of the dots, the axis along which they are stretched,
and the class that fits best. Position and axis are wrong if they contradict the readings by a clear margin; within the
margin, they count as right. The class is compared with the label. A text classifier, cross-validated on the same
records, measures how well the words alone predict the class.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from triptych.answers.ask import Answers
from triptych.answers.defect_book import Limits
from triptych.records import Readings
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y
from triptych.records.splits import folds

SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
POSITION = re.compile(r"shift|offset|off.?cent|displac|cent(?:red|ered)|\blies?\b|located|middle", re.IGNORECASE)
CENTRED = re.compile(r"\bcent(?:red|ered)\b|in the middle|around the cent", re.IGNORECASE)
SIDES = {"left": (-1, 0), "right": (1, 0), "upper|top|upwards?": (0, 1), "lower|bottom|downwards?": (0, -1)}
STRETCH = re.compile(r"stretch|elongat|extend|\boval|ellip|\bround|circular", re.IGNORECASE)
ALONG_X = re.compile(r"horizontal|\bx\b", re.IGNORECASE)
ALONG_Y = re.compile(r"vertical|\by\b", re.IGNORECASE)
VERDICT = re.compile(r"\bbest|most likely|therefore|conclu|verdict|classif|\bfits?\b|belongs?", re.IGNORECASE)
CLEAR = 1.5  # factor on the limit of "centred"; offsets near the limit contradict no statement
LONGER = 1.05  # ratio of sigmas above which one axis is clearly longer
FOLDS = 5
SORTS = ("direction", "axis", "verdict")


@dataclass
class Tally:
    """The numbers of statements of one kind: all that were found, and the wrong ones."""

    stated: int = 0
    wrong: int = 0

    def add(self, verdict: bool | None) -> None:
        """Count a statement that is wrong (True) or right (False); None means that there is no statement."""
        if verdict is not None:
            self.stated += 1
            self.wrong += verdict


@dataclass
class Audit:
    """The result for the answers of one kind.

    Attributes:
        kind: `vlm` or `llm`.
        answers: number of records with an answer.
        missing: number of records without one.
        tallies: counts of `direction`, `axis` and `verdict`.
        text_macro_f1: macro-F1 of predicting the class from the words alone, in percent; None with too few labelled
            records.
    """

    kind: str
    answers: int = 0
    missing: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in SORTS})
    text_macro_f1: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The audit as plain values."""
        counts = {name: {"stated": tally.stated, "wrong": tally.wrong} for name, tally in self.tallies.items()}
        return {
            "kind": self.kind,
            "answers": self.answers,
            "missing": self.missing,
            **counts,
            "text_macro_f1": self.text_macro_f1,
        }


@dataclass(frozen=True)
class Audited:
    """The answers about one record, and the readings and the label to check them against."""

    answers: Answers
    readings: Readings
    label: str | None
    side: int | None = None  # equal for records that must stay in one fold; None: the record is independent


def audit(records: Sequence[Audited], limits: Limits, classes: Sequence[str], seed: int = 0) -> list[Audit]:
    """Audit the descriptions (`vlm`) and the reasonings (`llm`) about `records`."""
    texts: dict[str, Callable[[Answers], str]] = {"vlm": lambda a: a.description, "llm": lambda a: a.reasoning}
    return [_audit(kind, text_of, records, limits, classes, seed) for kind, text_of in texts.items()]


def _audit(
    kind: str,
    text_of: Callable[[Answers], str],
    records: Sequence[Audited],
    limits: Limits,
    classes: Sequence[str],
    seed: int,
) -> Audit:
    found, texts, labels, sides = Audit(kind), [], [], []
    for place, record in enumerate(records):
        text = text_of(record.answers)
        if not text:
            found.missing += 1
            continue
        found.answers += 1
        found.tallies["direction"].add(wrong_direction(text, record.readings, limits))
        found.tallies["axis"].add(wrong_axis(text, record.readings))
        named = named_class(text, classes)
        found.tallies["verdict"].add(None if named is None or record.label is None else named != record.label)
        if record.label is not None:
            texts.append(text)
            labels.append(record.label)
            sides.append(-1 - place if record.side is None else record.side)
    found.text_macro_f1 = text_score(texts, labels, seed, sides)
    return found


def wrong_direction(text: str, readings: Readings, limits: Limits) -> bool | None:
    """Whether the position stated in `text` clearly contradicts the mean; None if either is missing."""
    mean = [readings.get(name) for name in (MEAN_X, MEAN_Y)]
    sentences = [part for part in SENTENCE.split(text) if POSITION.search(part)]
    if not sentences or not all(isinstance(value, float) for value in mean):
        return None
    x, y = (float(value) for value in mean if isinstance(value, float))
    stated = " ".join(sentences)
    sides = [side for words, side in SIDES.items() if re.search(rf"\b(?:{words})\b", stated, re.IGNORECASE)]
    offset = (x * x + y * y) ** 0.5
    if sides:
        against = any(dx * x + dy * y < -limits.centre / 2 for dx, dy in sides)
        return against or offset < limits.centre / CLEAR**2
    return offset > CLEAR * limits.centre if CENTRED.search(stated) else None


def wrong_axis(text: str, readings: Readings) -> bool | None:
    """Whether the stretch stated in `text` is along the clearly shorter axis; None without one axis or sigmas."""
    sigma = [readings.get(name) for name in (SIGMA_X, SIGMA_Y)]
    stated = " ".join(part for part in SENTENCE.split(text) if STRETCH.search(part))
    along_x, along_y = bool(ALONG_X.search(stated)), bool(ALONG_Y.search(stated))
    if along_x == along_y or not all(isinstance(value, float) and value > 0 for value in sigma):
        return None
    x, y = (float(value) for value in sigma if isinstance(value, float))
    return y / x > LONGER if along_x else x / y > LONGER


def named_class(text: str, classes: Sequence[str]) -> str | None:
    """The class that `text` decides for: the first one in a sentence with a verdict, or else the only one in `text`."""
    for sentence in SENTENCE.split(text):
        if VERDICT.search(sentence) and (named := _named(sentence, classes)):
            return named[0]
    named = _named(text, classes)
    return named[0] if len(named) == 1 else None


def _named(text: str, classes: Sequence[str]) -> list[str]:
    """The classes that `text` names, in order of appearance."""
    places = {}
    for name in classes:
        words = re.escape(name).replace("\\-", "[- ]").replace("_", "[_ -]")
        if found := re.search(rf"\b{words}\b", text, re.IGNORECASE):
            places[name] = found.start()
    return sorted(places, key=lambda name: places[name])


def text_score(
    texts: Sequence[str], labels: Sequence[str], seed: int, sides: Sequence[int] | None = None
) -> float | None:
    """The cross-validated macro-F1 of predicting the class from the words alone, in percent; None with too few records.

    Records with equal `sides` stay in one fold.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline

    if len(set(labels)) < 2 or min(list(labels).count(name) for name in set(labels)) < 2:
        return None
    splits = folds(labels, sides or range(len(labels)), FOLDS, seed)
    if not splits:
        return None
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = make_pipeline(words, LogisticRegression(max_iter=2000, class_weight="balanced"))
    predicted = cross_val_predict(model, list(texts), list(labels), cv=splits)
    return 100 * float(f1_score(list(labels), predicted, average="macro"))
