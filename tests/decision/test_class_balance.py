from triptych.decision import choose_classes

COUNTS = [64, 4, 16]


def test_without_balance_the_most_probable_class_is_chosen():
    assert choose_classes([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]], COUNTS, 0.0).tolist() == [0, 2]


def test_half_a_balance_divides_by_the_root_of_the_frequency():
    # 0.5 / 8 < 0.3 / 2, and 0.85 / 8 > 0.2 / 2
    assert choose_classes([[0.5, 0.3, 0.2], [0.85, 0.15, 0.0]], COUNTS, 0.5).tolist() == [1, 0]


def test_full_balance_treats_all_classes_as_equally_frequent():
    rows = [[0.6, 0.04, 0.36], [0.9, 0.05, 0.05]]  # / 64, 4, 16
    assert choose_classes(rows, COUNTS, 1.0).tolist() == [2, 0]


def test_classes_of_one_size_need_no_balance():
    rows = [[0.4, 0.35, 0.25], [0.1, 0.2, 0.7]]
    assert choose_classes(rows, [9, 9, 9], 1.0).tolist() == choose_classes(rows, [9, 9, 9], 0.0).tolist()
