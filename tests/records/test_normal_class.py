import pytest

from triptych.errors import TriptychError
from triptych.records import find_normal


@pytest.mark.parametrize("name", ["normal", "OK", "Good", "none"])
def test_the_normal_class_is_found_by_its_name_in_any_case(name):
    assert find_normal(["crack", name, "dent"]) == name


def test_of_several_such_names_the_first_in_the_order_normal_ok_good_none_wins():
    assert find_normal(["none", "good", "ok"]) == "ok"


def test_a_given_name_takes_precedence_over_common_ones():
    assert find_normal(["ok", "pass"], "pass") == "pass"


def test_a_given_name_that_is_not_a_class_is_an_error_that_lists_the_classes():
    with pytest.raises(TriptychError, match=r"'fine': no such class; found ok, crack"):
        find_normal(["ok", "crack"], "fine")


def test_classes_without_a_common_name_have_no_normal_class():
    assert find_normal(["crack", "dent"]) is None
