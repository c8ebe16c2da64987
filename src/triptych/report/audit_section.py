"""The contents of the report's section on the audit of its data set, which `triptych.audit` fills in."""

from collections.abc import Sequence
from dataclasses import dataclass

LISTED = 5  # findings of each kind that a report lists; the page of `triptych audit` has all


@dataclass(frozen=True)
class AuditLine:
    """One finding: what was found, in which records, how sure that is, and what to do."""

    words: str
    records: Sequence[str]
    sure: str
    advice: str


@dataclass(frozen=True)
class AuditKind:
    """The findings of one kind.

    Attributes:
        short: the name of its number.
        title: its heading.
        total: the number of findings.
        lines: the first of them.
    """

    short: str
    title: str
    total: int
    lines: Sequence[AuditLine]

    @property
    def left_out(self) -> int:
        """The number of findings that are not listed."""
        return self.total - len(self.lines)


@dataclass(frozen=True)
class AuditSection:
    """The section: a summary in sentences, and every kind of findings."""

    summary: Sequence[str]
    kinds: Sequence[AuditKind]
