"""How far answers can be trusted: what they state, held against the readings, and what they tell of the class.

Statements are found by their words, sentence by sentence: where the dots lie, along which axis they are stretched, and
which class is said to fit best. A statement is wrong where the readings say the opposite by a clear margin; what lies
between is not judged. How much the words alone tell of the class is the macro-F1 of a plain text classifier,
cross-validated on the records given.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from triptych.answers.ask import Answers
from triptych.answers.book import Limits
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
CLEAR = 1.5  # a multiple of a limit: beyond it, or within its inverse, the readings leave no doubt
LONGER = 1.05  # ratio of sigmas from which one axis is clearly the longer
FOLDS = 5
SORTS = ("direction", "axis", "verdict")


@dataclass
class Tally:
    """Statements of one sort: how many were found, and how many the readings contradict."""

    stated: int = 0
    wrong: int = 0

    def add(self, verdict: bool | None) -> None:
        """Count a statement that is wrong (True) or not (False); None is no statement."""
        if verdict is not None:
            self.stated += 1
            self.wrong += verdict


@dataclass
class Audit:
    """What is to be said of the answers of one kind.

    Attributes:
        kind: `vlm` or `llm`.
        answers: records with an answer.
        missing: records without.
        tallies: by sort: `direction`, `axis`, `verdict`.
        text_macro_f1: of the class from the words alone, in percent; None where there are too few labelled records.
    """

    kind: str
    answers: int = 0
    missing: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in SORTS})
    text_macro_f1: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain values."""
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
    """One record's answers, and what they are held against."""

    answers: Answers
    readings: Readings
    label: str | None
    side: int | None = None  # equal where records must stay together; None is like no other


def audit(records: Sequence[Audited], limits: Limits, classes: Sequence[str], seed: int = 0) -> list[Audit]:
    """Audits of the descriptions and of the reasonings about `records`."""
    said: dict[str, Callable[[Answers], str]] = {"vlm": lambda a: a.description, "llm": lambda a: a.reasoning}
    return [_audit(kind, text_of, records, limits, classes, seed) for kind, text_of in said.items()]


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
    """Whether `text` puts the dots where the readings' mean is clearly not; None where it says nothing of it."""
    mean = [readings.get(name) for name in (MEAN_X, MEAN_Y)]
    sentences = [part for part in SENTENCE.split(text) if POSITION.search(part)]
    if not sentences or not all(isinstance(value, float) for value in mean):
        return None
    x, y = (float(value) for value in mean if isinstance(value, float))
    said = " ".join(sentences)
    sides = [side for words, side in SIDES.items() if re.search(rf"\b(?:{words})\b", said, re.IGNORECASE)]
    offset = (x * x + y * y) ** 0.5
    if sides:
        against = any(dx * x + dy * y < -limits.centre / 2 for dx, dy in sides)
        return against or offset < limits.centre / CLEAR**2
    return offset > CLEAR * limits.centre if CENTRED.search(said) else None


def wrong_axis(text: str, readings: Readings) -> bool | None:
    """Whether `text` stretches the dots along the clearly shorter axis; None where it names none, or both."""
    sigma = [readings.get(name) for name in (SIGMA_X, SIGMA_Y)]
    said = " ".join(part for part in SENTENCE.split(text) if STRETCH.search(part))
    along_x, along_y = bool(ALONG_X.search(said)), bool(ALONG_Y.search(said))
    if along_x == along_y or not all(isinstance(value, float) and value > 0 for value in sigma):
        return None
    x, y = (float(value) for value in sigma if isinstance(value, float))
    return y / x > LONGER if along_x else x / y > LONGER


def named_class(text: str, classes: Sequence[str]) -> str | None:
    """The class that `text` decides for: the first that a sentence of judgement names, or the only one named at all."""
    for sentence in SENTENCE.split(text):
        if VERDICT.search(sentence) and (named := _named(sentence, classes)):
            return named[0]
    named = _named(text, classes)
    return named[0] if len(named) == 1 else None


def _named(text: str, classes: Sequence[str]) -> list[str]:
    """The classes that `text` names, in the order in which it does."""
    places = {}
    for name in classes:
        words = re.escape(name).replace("\\-", "[- ]").replace("_", "[_ -]")
        if found := re.search(rf"\b{words}\b", text, re.IGNORECASE):
            places[name] = found.start()
    return sorted(places, key=lambda name: places[name])


def text_score(
    texts: Sequence[str], labels: Sequence[str], seed: int, sides: Sequence[int] | None = None
) -> float | None:
    """Macro-F1, in percent, of the class from the words alone, cross-validated; None for too few records.

    Records with equal `sides` stay together.
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
