import numpy as np
import pytest

from triptych.cache import Cache
from triptych.reading.box import Box
from triptych.reading.cached_engine import CachedEngine
from triptych.reading.ocr import Text, Word

PAGE = np.zeros((20, 30, 3), dtype=np.uint8)


class CountingEngine:
    """Returns the first pixel as text, and counts its calls."""

    id = "counting"

    def __init__(self) -> None:
        self.pages, self.crops = 0, 0

    def detect(self, image):
        self.pages += 1
        return [Word("Mean μ", Box(1.5, 2, 3, 4), 0.9)]

    def recognise(self, crops):
        self.crops += len(crops)
        return [Text(str(int(crop.flat[0])), 0.5) for crop in crops]


def crops(*values: int):
    return [np.full((2, 3, 3), value, dtype=np.uint8) for value in values]


@pytest.fixture
def cache(tmp_path):
    store = Cache(tmp_path / "cache.sqlite")
    yield store
    store.close()


def test_a_page_is_searched_once(cache):
    inner = CountingEngine()
    first, second = CachedEngine(inner, cache).detect(PAGE), CachedEngine(inner, cache).detect(PAGE)
    assert first == second == [Word("Mean μ", Box(1.5, 2, 3, 4), 0.9)]
    assert inner.pages == 1


def test_a_batch_of_crops_is_read_once_and_as_one(cache):
    inner = CountingEngine()
    first, second = CachedEngine(inner, cache).recognise(crops(1, 2)), CachedEngine(inner, cache).recognise(crops(1, 2))
    assert [text.text for text in first] == ["1", "2"]
    assert second == first
    assert inner.crops == 2
    CachedEngine(inner, cache).recognise(crops(2, 1))  # another batch may give another result
    assert inner.crops == 4


def test_the_same_bytes_in_another_shape_are_another_picture(cache):
    inner = CountingEngine()
    CachedEngine(inner, cache).recognise([np.zeros((2, 3, 3), np.uint8)])
    CachedEngine(inner, cache).recognise([np.zeros((3, 2, 3), np.uint8)])
    assert inner.crops == 2


def test_engines_do_not_share_answers(cache):
    first, second = CountingEngine(), CountingEngine()
    second.id = "another"
    CachedEngine(first, cache).detect(PAGE)
    CachedEngine(second, cache).detect(PAGE)
    assert (first.pages, second.pages) == (1, 1)
