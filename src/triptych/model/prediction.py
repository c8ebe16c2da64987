"""What a model makes of records: probabilities, decision, and what they rest on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from triptych.answers.ask import Answers
from triptych.decision import Decision, decide, undecided
from triptych.errors import TriptychError
from triptych.model.folder import Model
from triptych.preparation.expectations import judge
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.reading import Reading
from triptych.records import Failure, Record, RecordSet


@dataclass(frozen=True)
class Assessment:
    """One record, the decision on it, and what it rests on.

    Attributes:
        record: the record.
        decision: class, probabilities, accept or review.
        reading: its readings and digitised plot; None when the record could not be used.
        answers: what VLM and LLM say about it; None likewise.
        error: why it could not; empty otherwise.
        notes: what was left out of its picture.
        problems: of its reading, in words: what does not add up, was repaired, or is not there though it ought to be.
        experts: of each expert with a weight the probability of every class.
    """

    record: Record
    decision: Decision
    reading: Reading | None = None
    answers: Answers | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    experts: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)

    @property
    def degraded(self) -> tuple[str, ...]:
        """The branches that it was judged without, because VLM or LLM gave no answer: `vlm`, `llm`."""
        return self.answers.failed if self.answers else ()


def assess(model: Model, preparer: Preparer, records: RecordSet, track: Track) -> Iterator[Assessment]:
    """Assess `records` in order; one that cannot be used is assessed too, as `review` with an error.

    The network sees one record at a time, so that what is said of a record does not depend, not even in the last digit,
    on the records beside it.
    """
    items = preparer.prepare(track(records, "Read, ask, classify"))
    for record, item in zip(records, items, strict=True):
        if isinstance(item, Failure):
            yield Assessment(record, undecided(item.message, model.classes), error=item.message)
        else:
            (judgement,) = judge_prepared(model, [item])
            judged = judge(model.state.expected, item.reading)
            decision = decide(
                judgement.label, judgement.probabilities, judged.faults, model.config.decision, judged.deviations
            )
            yield Assessment(
                record,
                decision,
                item.reading,
                item.answers,
                notes=item.notes,
                problems=judged.problems,
                experts=judgement.experts,
            )


@dataclass(frozen=True)
class Judgement:
    """What a model says of one record.

    Attributes:
        label: the class that it is called.
        probabilities: of every class, by the pool.
        experts: of each expert with a weight, the same.
    """

    label: str
    probabilities: dict[str, float]
    experts: dict[str, dict[str, float]]


def judge_prepared(model: Model, prepared: Sequence[Prepared]) -> list[Judgement]:
    """What the model says of prepared records.

    Raises:
        TriptychError: it gives no numbers, for the weights are damaged.
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
