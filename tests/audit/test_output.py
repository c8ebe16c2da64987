import json

from triptych.audit import KINDS
from triptych.audit.output import JSON_KEYS, ROW_COLUMNS, audit_json, audit_rows
from triptych.audit.summary import HEADLINES, summary


def test_json_holds_all_findings_and_records(audited):
    values = json.loads(json.dumps(audit_json(audited)))
    assert set(JSON_KEYS) <= set(values)
    assert values["n"] == len(values["records"]) == len(audited.records)
    assert [finding["kind"] for finding in values["findings"]] == [finding.kind for finding in audited.findings]
    assert sum(values["counts"].values()) == len(audited.findings)


def test_rows_name_the_findings_of_each_record(audited):
    rows = {row["image"]: row for row in audit_rows(audited)}
    assert tuple(next(iter(rows.values()))) == ROW_COLUMNS
    assert "two-labels" in rows["copy.png"]["findings"]
    assert "one picture with two labels: " in rows["copy.png"]["words"]


def test_the_summary_counts_what_was_found(audited):
    assert set(HEADLINES) == set(KINDS)
    words = " ".join(summary(audited))
    assert "41 records of 5 classes were audited." in words
    assert "1 one picture with two labels" not in words
    assert "1 picture with two labels" in words
    assert "1 contradiction" in words
