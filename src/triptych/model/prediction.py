"""What a model makes of records: probabilities, decision, and what they rest on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from triptych.answers.ask import Answers
from triptych.decision import Decision, decide, undecided
from triptych.errors import TriptychError
from triptych.model.folder import Model
from triptych.preparation.branch_inputs import stack_panels
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
    """

    record: Record
    decision: Decision
    reading: Reading | None = None
    answers: Answers | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

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
            probabilities = dict(zip(model.classes, probabilities_of(model, [item])[0], strict=True))
            judged = judge(model.state.expected, item.reading)
            decision = decide(probabilities, judged.faults, model.config.decision, judged.deviations)
            said = (item.reading, item.answers)
            yield Assessment(record, decision, *said, notes=item.notes, problems=judged.problems)


@torch.no_grad()
def probabilities_of(model: Model, prepared: Sequence[Prepared]) -> list[list[float]]:
    """Class probabilities of prepared records, in the order of the model's classes.

    Raises:
        TriptychError: they are no numbers, for the weights are damaged.
    """
    panels = stack_panels(prepared, model.features, model.classes, labelled=False)
    decided = model.network.log_probabilities(model.network.compress(panels.to(model.network.device)))
    shares = decided.double().softmax(dim=1)
    if shares.isnan().any():
        raise TriptychError("the network gives no probabilities: the model is damaged; train it again or restore it")
    return shares.tolist()
