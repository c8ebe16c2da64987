"""Predicts and explains records."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from triptych.decision.policy import Decision
from triptych.explain.expert_maps import expert_maps
from triptych.explain.explanation import Explanation, explain
from triptych.explain.heat_map import HeatMap
from triptych.model.model import Model
from triptych.model.prediction import assess_prepared
from triptych.network.compute import threads_for
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.records import Failure, RecordSet


@dataclass(frozen=True)
class Explained:
    """One record with its decision and the reasons for it.

    Attributes:
        id: the record.
        image: its picture.
        decision: the decision.
        explanation: the reasons.
        maps: the heat maps of the experts that see the picture.
        description, reasoning: the answers of VLM and LLM.
    """

    id: str
    image: Path | Image.Image
    decision: Decision
    explanation: Explanation
    maps: list[HeatMap]
    description: str
    reasoning: str

    def to_json(self) -> dict[str, Any]:
        """Plain values: those of the explanation, the decision, and the heat maps without pictures."""
        decision = {
            "decision": self.decision.verdict,
            "confidence": self.decision.confidence,
            "probabilities": dict(self.decision.probabilities),
            "reasons": list(self.decision.reasons),
        }
        return self.explanation.to_json() | decision | {"maps": [heat.to_json() for heat in self.maps]}


@dataclass(frozen=True)
class ExplainedRecords:
    """Explained records, and those that could not be used."""

    explained: list[Explained] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def explain_records(model: Model, records: RecordSet, track: Track) -> ExplainedRecords:
    """Predict and explain `records`, in order."""
    found = ExplainedRecords()
    with Preparer(model.config, model.classes, model.state) as preparer, threads_for(model.config):
        for item in preparer.prepare(track(records, "Read, ask, explain")):
            if isinstance(item, Failure):
                found.failures.append(item)
            else:
                found.explained.append(_explained(model, item))
    return found


def _explained(model: Model, item: Prepared) -> Explained:
    assessment = assess_prepared(model, item)
    explanation = explain(model, item, assessment.experts)
    return Explained(
        id=item.record.id,
        image=item.record.image,
        decision=assessment.decision,
        explanation=explanation,
        maps=expert_maps(model, item, explanation.label, explanation.other),
        description=item.answers.description,
        reasoning=item.answers.reasoning,
    )
