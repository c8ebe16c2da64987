import pytest
from PIL import Image

from triptych.reading.reading import Reading
from triptych.reading.samples import MAX_UNKNOWN, Samples

WRONG = ["total: 500 is printed, but the rings sum to 250"]


@pytest.fixture
def picture():
    """A plain picture, 40 px wide and 20 px high."""
    return Image.new("RGB", (40, 20), "white")


def test_the_first_record_without_a_problem_stands_for_its_layout(picture):
    samples = Samples()
    for name, problems in (("a", WRONG), ("b", []), ("c", [])):
        samples.add(name, picture, Reading(not problems, problems=problems, layout=3))
    found = samples.layouts[3]
    assert (found.sample.id, found.count, found.problems) == ("b", 3, {"a": WRONG})


def test_the_sample_is_the_upright_page(picture):
    samples = Samples()
    samples.add("a", picture, Reading(True, layout=0, quarters=1))
    assert samples.layouts[0].sample.pixels.shape == (40, 20, 3)


def test_records_without_a_layout_are_kept_up_to_a_number_and_then_listed(picture):
    samples = Samples()
    for number in range(MAX_UNKNOWN + 2):
        samples.add(str(number), picture, Reading(False, problems=WRONG))
    samples.add("photograph", picture, Reading(False, table=False))
    assert len(samples.unknown) == MAX_UNKNOWN
    assert samples.more_unknown == {"12": WRONG, "13": WRONG}
    assert samples.without_table == ["photograph"]
