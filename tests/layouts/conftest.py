import pytest

from layout_sheet import write_sheet
from triptych.cache import Cache
from triptych.layouts.editor import LayoutEditor
from triptych.reading.cached_engine import CachedEngine
from triptych.reading.ocr import RapidOCREngine


@pytest.fixture(scope="session")
def engine():
    """The built-in OCR engine."""
    return CachedEngine(RapidOCREngine(), Cache())


@pytest.fixture
def path(tmp_path):
    """A layout file with its sample picture."""
    return write_sheet(tmp_path)


@pytest.fixture
def editor(path, engine):
    """An editor of the layout file `path`."""
    return LayoutEditor(path, engine)
