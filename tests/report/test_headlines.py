from dataclasses import replace

from triptych.report.headlines import headlines, summary, tally


def by_name(data):
    return {line.name: line for line in headlines(data)}


def test_the_tally_counts_records_by_outcome(data):
    n = tally(data)

    assert (n.total, n.accepted, n.review, n.failed) == (7, 3, 4, 1)


def test_an_escape_counts_only_where_the_record_was_accepted(data):
    assert tally(data).escaped == 0

    released = [replace(record, decision="accept") if record.label else record for record in data.records]
    assert tally(replace(data, records=released)).escaped == 1


def test_the_summary_states_the_outcome(data):
    assert summary(data) == (
        "7 records: 3 accepted, 4 for a person to look at. 1 of these could not be read. "
        "No defective record was accepted as normal."
    )


def test_the_summary_counts_accepted_escapes(make_record, make_data):
    one = [make_record("type-1", "normal"), make_record("normal", "normal")]

    assert "1 defective record was accepted as normal." in summary(make_data(one))
    assert "2 defective records were accepted as normal." in summary(make_data([*one, one[0]]))


def test_the_four_headlines_are_both_macro_f1_the_accepted_share_and_the_escapes(data):
    lines = by_name(data)

    assert list(lines) == ["3-class macro-F1", "Normal / defective macro-F1", "Accepted", "Escapes"]
    assert lines["3-class macro-F1"].value == f"{data.scores.macro_f1:.1f}"
    assert lines["Normal / defective macro-F1"].value == f"{data.scores.binary.macro_f1:.1f}"
    assert lines["Accepted"].value == "43%"
    assert lines["Escapes"].value == "0"


def test_escapes_are_bad_news_and_their_absence_is_good(data, make_record, make_data):
    assert by_name(data)["Escapes"].tone == "good"
    assert by_name(make_data([make_record("type-1", "normal")]))["Escapes"].tone == "bad"


def test_without_labels_there_are_no_scores_and_no_escapes(make_record, make_data):
    data = make_data([make_record(None, "normal"), make_record(None, "type-1", 0.4, "review")])

    assert list(by_name(data)) == ["Accepted", "For review"]
    assert "defective" not in summary(data)


def test_a_run_without_records_has_no_accepted_share(make_data):
    assert by_name(make_data([]))["Accepted"].value == "–"
