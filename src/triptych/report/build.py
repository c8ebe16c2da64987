"""Builds the report's data from an evaluation."""

import platform
from datetime import UTC, datetime

from triptych import __version__
from triptych.answers.missing import missing_answers, missing_lines
from triptych.evaluation.evaluate import Evaluation
from triptych.model.card import POOL, honest_notes
from triptych.model.model import Model
from triptych.model.prediction import Assessment
from triptych.report.alignment import alignment_section
from triptych.report.audit_section import AuditSection
from triptych.report.data import ReportData, ReportRecord
from triptych.report.learning_curve import LearningCurve
from triptych.report.promises import promises_of


def report_data(
    model: Model,
    evaluation: Evaluation,
    title: str,
    *,
    learning_curve: LearningCurve | None = None,
    audit: AuditSection | None = None,
) -> ReportData:
    """The report of one evaluation, with the curves and facts of the model's training."""
    return ReportData(
        title=title,
        created=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        scores=evaluation.scores,
        classes=model.classes,
        normal=model.normal,
        curves=model.metrics.get("curves", []),
        records=[_record(item) for item in evaluation.assessments],
        facts=_facts(model),
        notes=[f"{note[0].upper()}{note[1:]}." for note in _notes(model, evaluation)],
        config_yaml=model.config.to_yaml(),
        promises=promises_of(model, evaluation),
        alignment=alignment_section(model),
        learning_curve=learning_curve,
        audit=audit,
        decoder=model.decoder,
    )


def _notes(model: Model, evaluation: Evaluation) -> list[str]:
    """Caveats about the model's training and about the reported records."""
    lacking = missing_answers(item.answers for item in evaluation.assessments if item.answers)
    here = missing_lines(lacking, "these were judged without it")
    return [*honest_notes(model.config, model.metrics), *(f"in this evaluation, {line}" for line in here)]


def _record(item: Assessment) -> ReportRecord:
    decision = item.decision
    return ReportRecord(
        id=item.record.id,
        image=None if item.error else item.record.image,
        label=item.record.label,
        predicted=decision.label,
        confidence=decision.confidence,
        probabilities=dict(decision.probabilities),
        decision=decision.verdict,
        readings=dict(item.reading.values) if item.reading else {},
        problems=list(decision.reasons),
        description=item.answers.description if item.answers else "",
        reasoning=item.answers.reasoning if item.answers else "",
        experts={name: max(shares.items(), key=lambda pair: pair[1]) for name, shares in item.experts.items()},
        error=item.error,
    )


def _facts(model: Model) -> dict[str, str]:
    facts, config = model.metrics, model.config
    weights = {name: found["weight"] for name, found in facts.get("experts", {}).items() if name != POOL}
    seconds = ", ".join(f"{step} {spent:.0f} s" for step, spent in facts.get("seconds", {}).items())
    return {
        "Training records": f"{facts.get('records', '?')}, and {facts.get('drawn', 0)} drawn ({config.augment.tda})",
        "Experts and their weights": ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items()),
        "OCR": config.reading.ocr,
        "VLM": config.answers.vlm,
        "LLM": config.answers.llm,
        "Encoders": f"{config.encoders.image}, {config.encoders.text}",
        "Training time": seconds,
        "Seed": str(config.seed),
        "Data and settings": str(facts.get("fingerprint", "?"))[:16],
        "Triptych": f"{__version__}, Python {platform.python_version()}",
    }
