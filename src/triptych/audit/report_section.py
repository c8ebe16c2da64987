"""An audit as a section of the report: the findings of each kind, counted, and the first of them in words."""

from triptych.audit.audit import Audit
from triptych.audit.finding import KINDS
from triptych.audit.summary import HEADLINES, SURE, summary
from triptych.report.audit_section import LISTED, AuditKind, AuditLine, AuditSection


def report_section(audit: Audit) -> AuditSection:
    """The section about `audit`."""
    kinds = []
    for kind in KINDS:
        findings, headline = audit.of_kind(kind), HEADLINES[kind]
        lines = [AuditLine(one.words, one.records, SURE[one.sure], one.advice) for one in findings[:LISTED]]
        kinds.append(AuditKind(headline.short, headline.title, len(findings), lines))
    return AuditSection(summary(audit), kinds)
