"""Writes assessments to a prediction table row by row, so that an interrupted run can be resumed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from triptych import __version__
from triptych.answers.missing import count_missing, missing_lines
from triptych.cache import digest
from triptych.classifier import DefectClassifier
from triptych.explain.explanation import WHY
from triptych.model.prediction import Assessment
from triptych.outputs import table_of
from triptych.records import Failure, RecordSet, summarised
from triptych.resumable_table import ResumableTable


@dataclass(frozen=True)
class Predicted:
    """The result of a prediction run.

    Attributes:
        taken_over: number of rows taken over from an interrupted run.
        accepted: number of records that need no review.
        failures: inputs that could not be used.
        notes: ignored parts of pictures, each once with the number of pictures.
        missing: one line for each branch that records lack because VLM or LLM gave no answer.
    """

    taken_over: int
    accepted: int
    failures: list[Failure]
    notes: list[str]
    missing: Sequence[str] = ()


def predict_table(
    classifier: DefectClassifier, records: RecordSet, output: Path, model: str, *, explain: bool = False
) -> Predicted:
    """Write the predictions for `records` to the table `output`, and resume an interrupted run.

    Finished rows are kept. Records that failed, or that were judged without an answer, are tried again.

    Args:
        classifier: a trained classifier.
        records: the records.
        output: a .csv, .parquet, .json or .jsonl file.
        model: identifies the model and all other settings on which rows depend.
        explain: add the probabilities of each expert and the reasons in words.

    Raises:
        TriptychError: the table cannot be written, or contains finished rows of another model or other settings.
    """
    experts = [name for name, weight in classifier.model_.ensemble.pool.weights.items() if weight] if explain else []
    columns = prediction_columns(classifier.model_.classes, experts, WHY if explain else ())
    keys = [record.mark for record in records]
    with ResumableTable(output, digest(__version__, model, *columns), _is_final) as table:
        todo = {key: record for key, record in zip(keys, records, strict=True) if key not in table}
        taken_over = len(keys) - sum(key in todo for key in keys)
        assessments = classifier.assess_each(replace(records, records=tuple(todo.values())), explain=explain)
        for key, item in zip(todo, assessments, strict=True):
            errors = dict(item.answers.errors) if item.answers else {}
            extra = {"notes": item.notes, "errors": errors}  # stored with the row, but not columns of the table
            table.add(key, prediction_row(item, experts) | extra)
        accepted, failures = 0, []
        for record, row in zip(records, table.rows(keys), strict=True):
            accepted += row["decision"] == "accept"
            if row["error"]:
                failures.append(Failure(record.id, row["error"]))
        notes = summarised((row["image"], note) for row in table.rows(keys) for note in row["notes"])
        usable = (row for row in table.rows(keys) if not row["error"])
        lacking = count_missing((row["degraded"].split(), row.get("errors", {})) for row in usable)
        table.finish(keys, columns)
    missing = missing_lines(lacking, "these were judged without it")
    return Predicted(taken_over, accepted, failures, list(notes), missing)


def _is_final(row: Mapping[str, object]) -> bool:
    """Whether the row need not be tried again: it has no error, and no answer failed."""
    return not row["error"] and not row["degraded"]


PREDICTION_SET, NOVELTY = "prediction_set", "novelty"
SEPARATOR = "|"  # between the classes of a prediction set
FIRST_COLUMNS = ("image", "label", "confidence", "decision")
is_prediction_table = table_of(FIRST_COLUMNS)


def prediction_columns(classes: Sequence[str], experts: Sequence[str] = (), why: Sequence[str] = ()) -> list[str]:
    """The columns of a prediction table, in order."""
    probabilities = (f"p_{name}" for name in classes)
    by_expert = (f"p_{name}@{expert}" for expert in experts for name in classes)
    return [
        *FIRST_COLUMNS,
        *probabilities,
        "reasons",
        "problems",
        PREDICTION_SET,
        NOVELTY,
        "degraded",
        "error",
        *by_expert,
        *why,
    ]


def prediction_row(assessment: Assessment, experts: Sequence[str] = ()) -> dict[str, object]:
    """One row, with columns for the probabilities of each of `experts`.

    `reasons` (for a review) and `problems` (of the reading) are sentences joined by "; ". They are empty if there are
    none, as is `error`. `degraded` names the branches whose answer failed. `prediction_set` has the classes that cannot
    be excluded, joined by "|"; it is empty if every class can be. `novelty` is the share of records like the training
    records that are as unlike them as this one.
    """
    decision = assessment.decision
    return {
        "image": assessment.record.id,
        "label": decision.label,
        "confidence": decision.confidence,
        "decision": decision.verdict,
        **{f"p_{name}": p for name, p in decision.probabilities.items()},
        "reasons": "; ".join(decision.reasons),
        "problems": "; ".join(assessment.problems),
        PREDICTION_SET: None if assessment.prediction_set is None else SEPARATOR.join(assessment.prediction_set),
        NOVELTY: assessment.novelty,
        "degraded": " ".join(assessment.degraded),
        "error": assessment.error,
        **assessment.why,
        **{f"p_{name}@{expert}": p for expert in experts for name, p in assessment.experts.get(expert, {}).items()},
    }
