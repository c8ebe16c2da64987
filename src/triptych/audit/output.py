"""The result of an audit as plain values: the JSON file, and the table with a row for each record."""

from collections.abc import Iterator
from typing import Any

from triptych.audit.audit import Audit, AuditedRecord
from triptych.audit.finding import KINDS
from triptych.audit.summary import HEADLINES, summary

ROW_COLUMNS = (
    *("image", "label", "split", "group", "rank", "doubt", "suggested", "p_given", "p_suggested"),
    *("agreeing_neighbours", "findings", "words"),
)
JSON_KEYS = ("n", "classes", "expected_label_errors", "findings", "records")
DIGITS = 4  # decimal places of probabilities


def audit_json(audit: Audit) -> dict[str, Any]:
    """The audit as plain values, for a JSON file; the keys are explained in docs/audit.md."""
    return {
        "n": len(audit.records),
        "classes": audit.counts,
        "normal": audit.normal,
        "summary": summary(audit),
        "expected_label_errors": round(audit.expected_errors, 1),
        "agreement": round(audit.agreement, DIGITS),
        "counts": {kind: len(audit.of_kind(kind)) for kind in KINDS},
        "findings": [
            {
                "kind": finding.kind,
                "sure": finding.sure,
                "subject": finding.subject,
                "records": list(finding.records),
                "words": finding.words,
                "advice": finding.advice,
                "p_value": finding.p_value,
            }
            for finding in audit.findings
        ],
        "records": [
            {**row, "experts": _calls(record)} for row, record in zip(audit_rows(audit), audit.records, strict=True)
        ],
        "failures": [{"image": failure.id, "error": failure.message} for failure in audit.failures],
        "pictures_compared": audit.compared,
        "seed": audit.config.seed,
        "settings": audit.config.audit.model_dump(mode="json"),
    }


def audit_rows(audit: Audit) -> Iterator[dict[str, Any]]:
    """A row for every prepared record, the most doubtful label first, with all findings that accuse it."""
    accused: dict[str, list[tuple[str, str]]] = {}
    for finding in audit.findings:
        for name in finding.records:
            accused.setdefault(name, []).append((finding.kind, finding.words))
    for record in audit.records:
        found = accused.get(record.id, [])
        yield {
            "image": record.id,
            "label": record.label,
            "split": record.split,
            "group": record.group,
            "rank": record.rank,
            "doubt": round(record.doubt, DIGITS),
            "suggested": record.suggested,
            "p_given": round(record.probabilities[record.label], DIGITS),
            "p_suggested": round(record.probabilities[record.suggested], DIGITS),
            "agreeing_neighbours": None if record.agreeing is None else round(record.agreeing, DIGITS),
            "findings": ", ".join(dict.fromkeys(kind for kind, _ in found)),
            "words": "; ".join(f"{HEADLINES[kind].one}: {words}" for kind, words in found),
        }


def _calls(record: AuditedRecord) -> dict[str, dict[str, Any]]:
    return {
        name: {"label": label, "probability": round(share, DIGITS)} for name, (label, share) in record.experts.items()
    }
