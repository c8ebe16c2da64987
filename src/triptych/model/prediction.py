"""Predicts records with a model: probabilities, a decision, and the evidence for them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from triptych.answers.ask import Answers
from triptych.decision import Decision, decide, undecided
from triptych.decision.novelty import NoveltyFound, in_words
from triptych.errors import TriptychError
from triptych.features.vector import Features
from triptych.model.model import Model
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.expectations import judge
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.reading import Reading
from triptych.records import Failure, Record, RecordSet


@dataclass(frozen=True)
class Assessment:
    """One record, the decision on it, and the evidence for it.

    Attributes:
        record: the record.
        decision: class, probabilities, accept or review.
        reading: its readings and digitised plot; None if the record could not be used.
        answers: the answers of VLM and LLM about it; None if the record could not be used.
        error: why the record could not be used; empty otherwise.
        notes: what was ignored in its picture and its given readings.
        problems: the problems of its reading, in words: values that are inconsistent, repaired, or expected but absent.
        experts: the probability of every class by each expert with a weight above 0.
        prediction_set: the classes that cannot be excluded (`triptych.decision.prediction_sets`); None if the model has
            no out-of-fold probabilities, or the record could not be used.
        novelty: the share of records like the training records that are as unlike them as this one
            (`triptych.decision.novelty`); None if the model cannot say, or the record could not be used.
        why: the reasons for the decision, in words, by name; empty unless they were asked for.
    """

    record: Record
    decision: Decision
    reading: Reading | None = None
    answers: Answers | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    experts: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)
    prediction_set: tuple[str, ...] | None = None
    novelty: float | None = None
    why: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def degraded(self) -> tuple[str, ...]:
        """The branches that are missing because VLM or LLM gave no answer: `vlm`, `llm`."""
        return self.answers.failed if self.answers else ()


Explainer = Callable[[Model, Prepared, Mapping[str, Mapping[str, float]]], Mapping[str, str]]
"""Gives the reasons for the decision on a record, with its probabilities by expert, in words, by names of columns."""


def assess(
    model: Model, preparer: Preparer, records: RecordSet, track: Track, explainer: Explainer | None = None
) -> Iterator[Assessment]:
    """Assess `records` in order; a record that cannot be used gets the verdict `review` and an error.

    Experts predict one record at a time. So the prediction of a record does not depend on the other records, not even
    in its last digit.

    Args:
        model: the model.
        preparer: reads, describes and encodes the records.
        records: the records.
        track: shows progress.
        explainer: gives `Assessment.why`; None leaves it empty.
    """
    items = preparer.prepare(track(records, "Read, ask, classify"))
    for record, item in zip(records, items, strict=True):
        if isinstance(item, Failure):
            yield Assessment(record, undecided(item.message, model.classes), error=item.message)
        else:
            assessment = assess_prepared(model, item)
            why = explainer(model, item, assessment.experts) if explainer else {}
            yield replace(assessment, record=record, why=why)


def assess_prepared(model: Model, item: Prepared) -> Assessment:
    """Assess one prepared record."""
    (judgement,) = judge_prepared(model, [item])
    judged = judge(model.state.expected, item.reading)
    novelty = compare(model, item)
    decision = decide(
        judgement.label,
        judgement.probabilities,
        judged.faults,
        model.config.decision,
        (*judged.deviations, *_unlike(model, novelty)),
        model.point,
    )
    return Assessment(
        item.record,
        decision,
        item.reading,
        item.answers,
        notes=item.notes,
        problems=judged.problems,
        experts=judgement.experts,
        prediction_set=_prediction_set(model, judgement),
        novelty=None if novelty is None else novelty.p_value,
    )


def compare(model: Model, item: Prepared) -> NoveltyFound | None:
    """How unlike the training records a prepared record is; None if the model cannot say."""
    if model.novelty is None or model.reference is None or not model.config.decision.novelty_share:
        return None
    inputs = stack_inputs([item], Features([]), model.classes, labelled=False)
    return model.novelty.compare(model.reference.views_of([item], inputs))[0]


def _unlike(model: Model, found: NoveltyFound | None) -> list[str]:
    """The reason for a review of a record that is unlike all training records."""
    if found is None or model.novelty is None or model.reference is None:
        return []
    if not model.novelty.is_novel(found, model.config.decision.novelty_share):
        return []
    labels = [model.classes[i] for i in model.reference.labels.tolist()]
    return [in_words(found, model.reference.ids, labels)]


def _prediction_set(model: Model, judgement: "Judgement") -> tuple[str, ...] | None:
    """The classes that cannot be excluded at the configured confidence."""
    if model.sets is None:
        return None
    row = np.array([[judgement.probabilities[name] for name in model.classes]])
    return model.sets.sets(row, model.config.decision.confidence)[0]


@dataclass(frozen=True)
class Judgement:
    """The prediction of a model for one record.

    Attributes:
        label: the chosen class.
        probabilities: the probability of every class by the pool.
        experts: the probability of every class by each expert with a weight above 0.
    """

    label: str
    probabilities: dict[str, float]
    experts: dict[str, dict[str, float]]


def judge_prepared(model: Model, prepared: Sequence[Prepared]) -> list[Judgement]:
    """Predict prepared records.

    Raises:
        TriptychError: a probability is NaN, because the weights are damaged.
    """
    by_expert = model.ensemble.expert_log_probabilities(prepared, model.classes)
    pooled = model.ensemble.pool.log_probabilities(by_expert).exp()
    if pooled.isnan().any():
        raise TriptychError("the experts give no probabilities: the model is damaged; train it again or restore it")
    shares = {name: found.exp().tolist() for name, found in by_expert.items()}
    return [
        Judgement(
            label,
            dict(zip(model.classes, row, strict=True)),
            {name: dict(zip(model.classes, rows[i], strict=True)) for name, rows in shares.items()},
        )
        for i, (label, row) in enumerate(zip(model.choose(pooled), pooled.tolist(), strict=True))
    ]
