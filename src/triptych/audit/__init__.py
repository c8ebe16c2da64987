"""The audit of a labelled data set: what is wrong or suspicious in it, before anything is trained on it."""

from triptych.audit.audit import Audit, AuditedRecord, audit_records
from triptych.audit.finding import KINDS, Finding

__all__ = ["KINDS", "Audit", "AuditedRecord", "Finding", "audit_records"]
