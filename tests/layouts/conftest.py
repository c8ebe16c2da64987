import pytest

from layout_sheet import write_sheet
from triptych.layouts.editor import LayoutEditor
from triptych.reading.ocr import RapidOCREngine


@pytest.fixture(scope="session")
def engine():
    """The built-in OCR engine."""
    return RapidOCREngine()


@pytest.fixture
def path(tmp_path):
    """A layout file with its sample picture."""
    return write_sheet(tmp_path)


@pytest.fixture
def editor(path, engine):
    """An editor of the layout file `path`."""
    return LayoutEditor(path, engine)
