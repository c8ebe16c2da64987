from dataclasses import replace

from triptych.report.gallery import SHOWN, doubtful_gallery, failures, wrong_gallery


def ids(gallery):
    return [card.record.id for card in gallery.cards]


def test_wrong_records_are_shown_escapes_first_then_accepted_then_the_surest(make_record, make_data):
    data = make_data(
        [
            make_record("type-2", "type-1", 0.5, "review", id="unsure"),
            make_record("type-2", "type-1", 0.7, "review", id="sure"),
            make_record("normal", "type-1", 0.82, "accept", id="accepted"),
            make_record("type-1", "normal", 0.4, "review", id="escape"),
            make_record("type-1", "normal", 0.9, "accept", id="accepted escape"),
            make_record("type-1", "type-1", id="right"),
        ]
    )

    assert ids(wrong_gallery(data)) == ["accepted escape", "escape", "accepted", "sure", "unsure"]


def test_doubtful_records_are_for_review_and_not_known_to_be_wrong_by_increasing_confidence(data, make_record):
    surer = make_record("normal", "normal", 0.95, "review", id="surer.png", problems=["no total"])

    assert ids(doubtful_gallery(replace(data, records=[surer, *data.records]))) == ["doubtful.png", "surer.png"]


def test_records_that_could_not_be_read_are_failures_and_in_no_gallery(data, unread):
    assert failures(data) == [unread]
    assert unread.id not in ids(wrong_gallery(data)) + ids(doubtful_gallery(data))


def test_a_gallery_is_limited_and_counts_the_records_left_out(make_record, make_data):
    gallery = wrong_gallery(make_data([make_record("type-1", "normal", image=None)] * (SHOWN + 3)))

    assert len(gallery.cards) == SHOWN
    assert (gallery.total, gallery.left_out) == (SHOWN + 3, 3)


def test_a_card_names_the_kind_of_error(data):
    kinds = {card.record.id: card.kind for card in (*wrong_gallery(data).cards, *doubtful_gallery(data).cards)}

    assert kinds == {"escape.png": "escape", "overkill.png": "overkill", "wrong.png": "wrong", "doubtful.png": ""}


def test_readings_come_in_the_order_of_tables_with_headings(data):
    readings = wrong_gallery(data).cards[0].readings

    assert [name for name, _ in readings][:6] == ["Holes", "Mean x", "Mean y", "Sigma x", "Sigma y", "0 to 2 µm"]
    assert readings[-1] == ("Lot", "K48213")


def test_probabilities_fall_and_of_many_classes_the_likeliest_and_the_true_one_are_shown(make_record, make_data):
    many = {f"c{index}": (20 - index) / 210 for index in range(20)}
    record = make_record("c17", "c0", probabilities=many)
    card = wrong_gallery(replace(make_data([]), classes=tuple(many), records=[record])).cards[0]

    assert [bar.name for bar in card.bars] == [*(f"c{index}" for index in range(8)), "c17"]


def test_a_missing_picture_leaves_the_card_with_a_reason(make_record, make_data, tmp_path):
    record = make_record("type-1", "normal", image=tmp_path / "gone.png")
    card = wrong_gallery(make_data([record])).cards[0]

    assert card.picture == ""
    assert "cannot be read" in card.no_picture
