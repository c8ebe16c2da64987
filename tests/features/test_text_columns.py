from triptych.features.readings import feature_matrix, feature_names, reading_features
from triptych.features.text_columns import telling_words, word_features


def test_every_word_counts_for_itself_with_its_column():
    found = word_features({"phase": "Pre check", "place": "tray", "yield": 0.5})
    assert found == {"phase ∋ pre": 1.0, "phase ∋ check": 1.0, "place ∋ tray": 1.0}


def test_rare_words_and_those_in_all_records_tell_nothing():
    records = [word_features({"lot": f"K{i}", "phase": "pre" if i % 2 else "post", "kind": "check"}) for i in range(50)]
    assert telling_words(records) == {"phase ∋ pre", "phase ∋ post"}


def test_a_word_that_a_record_lacks_is_zero_and_a_number_is_missing():
    records = [reading_features({"phase": "pre", "yield": 0.5}), reading_features({"phase": "post"})] * 2
    names = feature_names(records)
    assert names == ["yield", "phase ∋ pre", "phase ∋ post"]
    assert feature_matrix([{"phase ∋ post": 1.0}], names).tolist()[0][1:] == [0.0, 1.0]
