from collections import Counter

import numpy as np
import pytest
from PIL import Image

from triptych import Config, Record
from triptych.preparation.table_survey import survey
from triptych.progress import silent
from triptych.reading import Reader, Word
from triptych.reading.box import Box
from triptych.records import Decoder

DECODER = Decoder(Config().reading)


class Engine:
    """Finds the words of a table in pictures with a red corner, and counts the pictures that it searches."""

    id = "red"

    def __init__(self):
        self.searched = Counter()

    def detect(self, image):
        red = bool(image[0, 0, 0] > 200)
        self.searched[red] += 1
        words = [("Total", Box(5, 5, 25, 15)), ("42", Box(30, 5, 42, 15))] if red else []
        return [Word(text, box, 0.9) for text, box in words]

    def recognise(self, crops):
        return []


def records(count, with_table=()):
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 200, (count, 48, 64, 3), dtype=np.uint8)
    pictures[list(with_table), 0, 0] = (255, 0, 0)
    return [Record(f"{i:03}", Image.fromarray(p), label="ab"[i % 2]) for i, p in enumerate(pictures)]


@pytest.fixture
def engine():
    return Engine()


def test_where_a_sample_of_the_pictures_has_no_table_the_others_are_not_searched(engine):
    found = survey(Reader(engine), DECODER, records(100), Config(), silent)
    assert (found.searched, found.pictures, found.tables, found.spared) == (24, 100, False, 76)
    assert engine.searched.total() == 24


def test_where_the_first_picture_has_a_table_no_other_is_searched(engine):
    found = survey(Reader(engine), DECODER, records(100, with_table=range(100)), Config(), silent)
    assert (found.searched, found.tables, found.spared) == (1, True, 0)
    assert engine.searched.total() == 1


def test_the_sample_is_drawn_from_all_classes_and_the_same_for_the_same_seed(engine):
    few = [Record(f"c{i}", r.image, label="c") for i, r in enumerate(records(3, with_table=range(3)))]
    found = survey(Reader(engine), DECODER, [*records(97), *few], Config(), silent)
    assert found.tables
    assert survey(Reader(engine), DECODER, [*records(97), *few], Config(), silent) == found


def test_unlabelled_pictures_are_searched_too(engine):
    unlabelled = [Record(r.id, r.image) for r in records(30, with_table=[5])]
    assert survey(Reader(engine), DECODER, unlabelled, Config(), silent).tables


def test_always_searches_all_and_a_broken_picture_is_no_evidence(engine, tmp_path):
    always = Config().changed("reading.search=always")
    assert survey(Reader(engine), DECODER, records(50), always, silent).tables
    broken = [Record("x", tmp_path / "gone.png", label="a")]
    assert survey(Reader(engine), DECODER, broken, Config(), silent).tables
    assert engine.searched.total() == 0


def test_records_that_came_with_readings_are_not_searched(engine):
    with_readings = [Record(r.id, r.image, {"a": 1.0}, r.label) for r in records(30)]
    assert survey(Reader(engine), DECODER, with_readings, Config(), silent).tables
    assert engine.searched.total() == 0


def test_a_reader_that_does_not_search_reads_no_text_and_says_so(engine):
    reading = Reader(engine, search=False).read(records(1, with_table=[0])[0].image)
    assert engine.searched.total() == 0
    assert (reading.table, reading.values) == (False, {})
    assert reading.problems == ["table: not looked for, because the training records have none"]
