"""An audit as a section of the report."""

from dataclasses import replace

from triptych.audit.finding import KINDS
from triptych.audit.report_section import report_section
from triptych.audit.summary import summary
from triptych.report.audit_section import LISTED


def test_every_kind_is_counted_and_its_first_findings_are_listed(audited):
    found = audited.of_kind("two-labels")[0]
    many = [replace(found, words=f"pair {i}") for i in range(LISTED + 2)]
    section = report_section(replace(audited, findings=[*many, *audited.of_kind("contradictions")]))
    assert len(section.kinds) == len(KINDS)
    two = section.kinds[KINDS.index("two-labels")]
    assert (two.total, two.left_out) == (LISTED + 2, 2)
    assert [line.words for line in two.lines] == [f"pair {i}" for i in range(LISTED)]
    assert two.lines[0].records == found.records
    assert section.kinds[KINDS.index("duplicates")].total == 0


def test_the_summary_is_that_of_the_audit(audited):
    assert report_section(audited).summary == summary(audited)
