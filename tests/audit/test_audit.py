from dataclasses import replace

import pytest

from triptych import load_config
from triptych.audit import KINDS, audit_records
from triptych.errors import TriptychError
from triptych.records import Record

COPIED, CONTRADICTED = 3, 5


def test_every_record_is_ranked_by_doubt(audited, faulty):
    assert sorted(record.id for record in audited.records) == sorted(record.id for record in faulty)
    assert [record.rank for record in audited.records] == list(range(1, len(faulty) + 1))
    doubts = [record.doubt for record in audited.records]
    assert doubts == sorted(doubts, reverse=True)


def test_planted_faults_are_found(audited, faulty):
    (twice,) = audited.of_kind("two-labels")
    assert set(twice.records) == {faulty[COPIED].id, "copy.png"}
    (contradiction,) = audited.of_kind("contradictions")
    assert contradiction.records == (faulty[CONTRADICTED].id,)
    assert audited.kinds_of("copy.png")[-1] == "two-labels"
    assert audited.of_kind("leaks") == audited.of_kind("batch-effects") == []


def test_findings_are_in_the_order_of_kinds(audited):
    places = [KINDS.index(finding.kind) for finding in audited.findings]
    assert places == sorted(places)


def test_records_list_experts_and_neighbours_of_other_pictures(audited, faulty):
    copy = next(record for record in audited.records if record.id == "copy.png")
    assert set(copy.experts) == {"readings", "frozen"}
    assert set(copy.neighbours) == {"readings", "pictures"}
    assert all(faulty[COPIED].id not in [name for name, _ in some] for some in copy.neighbours.values())


def test_a_class_of_one_record_is_reported_and_not_judged(faulty):
    few = tuple(record for record in faulty if record.label in ("normal", "type-1"))[:14]
    single = Record("single.png", few[0].load_image().rotate(180), few[1].readings, "rare", "train")
    config = load_config(None, ("cross_fitting.folds=1", "audit.permutations=100"))
    found = audit_records(replace(faulty, records=(*few, single)), config)
    assert "single.png" not in {record.id for record in found.records}
    assert found.counts["rare"] == 1
    assert any(finding.subject == "rare" for finding in found.of_kind("class-sizes"))
    assert found.experts == []
    assert "judged by neighbours alone" in found.warnings[-1]


def test_one_class_cannot_be_audited(faulty):
    with pytest.raises(TriptychError, match="at least two classes"):
        audit_records(faulty.where(lambda record: record.label == "normal"), load_config())
