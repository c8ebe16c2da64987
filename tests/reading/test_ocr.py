import numpy as np
import pytest

from triptych.reading.box import Box
from triptych.reading.ocr import background, crop


def test_a_page_is_searched_for_words_with_their_places(engine, draw_lines):
    words = engine.detect(np.asarray(draw_lines([(40, 50, "Mean X"), (220, 50, "-0.42")])))
    assert [word.text for word in sorted(words, key=lambda word: word.box.x0)] == ["Mean X", "-0.42"]
    name = next(word for word in words if word.text == "Mean X")
    assert name.box.contains((65, 60))
    assert name.score > 0.9


def test_a_blank_page_has_no_words(engine):
    assert engine.detect(np.full((100, 200, 3), 255, dtype=np.uint8)) == []


def test_crops_are_read_in_their_order(engine, draw_lines):
    texts = ["0.12", "-3.456", "1287", "99"]  # upside down, 99 would be 66
    crops = [np.asarray(draw_lines([(8, 4, text)], size=(12 * len(text) + 10, 30))) for text in texts]
    assert [text.text for text in engine.recognise(crops)] == texts


def test_a_result_does_not_depend_on_the_rest_of_the_batch(engine, draw_lines):
    crops = [np.asarray(draw_lines([(8, 4, text)], size=(80, 30))) for text in ("0.12", "-3.45", "77", "O")]
    together, alone = engine.recognise(crops), [engine.recognise([crop])[0] for crop in crops]
    assert [text.text for text in together] == [text.text for text in alone]
    assert [text.score for text in together] == pytest.approx([text.score for text in alone], abs=1e-4)


def test_an_empty_crop_has_no_text(engine):
    (text,) = engine.recognise([np.zeros((0, 0, 3), dtype=np.uint8)])
    assert (text.text, text.score) == ("", 0.0)


@pytest.mark.parametrize("shape", [(17, 900, 3), (900, 17, 3), (16, 16, 3)])
def test_pictures_of_odd_shapes_are_searched_in_reasonable_time(engine, shape):
    assert engine.detect(np.full(shape, 200, dtype=np.uint8)) == []


def test_a_crop_may_reach_beyond_the_picture():
    page = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert crop(page, Box(-2, 1, 2, 9)).shape == (3, 2, 3)


def test_the_background_is_the_commonest_colour(draw_lines):
    assert background(np.asarray(draw_lines([(8, 4, "0.12")], size=(60, 30)))) == (255, 255, 255)
