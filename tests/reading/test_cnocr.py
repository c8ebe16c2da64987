from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from triptych.errors import MissingExtraError, TriptychError
from triptych.plugins import build

installed = pytest.mark.skipif(not find_spec("cnocr"), reason="needs the extra `reading`")


@pytest.mark.skipif(bool(find_spec("cnocr")), reason="the extra `reading` is installed")
def test_without_its_extra_the_message_gives_the_pip_line():
    with pytest.raises(MissingExtraError, match=r"pip install 'triptych\[reading\]'"):
        build("ocr", "cnocr")


@installed
def test_it_finds_and_reads_the_printed_numbers(simulated):
    page = np.asarray(Image.open(sorted(simulated.rglob("*.png"))[0]).convert("RGB"))
    engine = build("ocr", "cnocr")
    words = engine.detect(page)
    assert len(words) > 10
    crops = [page[int(w.box.y0) : int(w.box.y1), int(w.box.x0) : int(w.box.x1)] for w in words]
    texts = engine.recognise([np.zeros((0, 5, 3), np.uint8), *crops])
    assert texts[0].text == ""
    same = [text.text == word.text for text, word in zip(texts[1:], words, strict=True)]
    assert np.mean(same) > 0.8


@installed
def test_an_unknown_recogniser_is_named_in_the_error():
    with pytest.raises(TriptychError, match="CnOCR cannot load no-such-model"):
        build("ocr", "cnocr:no-such-model").detect(np.full((40, 80, 3), 255, np.uint8))
