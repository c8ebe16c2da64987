"""Reads a record picture: the printed table is read and checked, the dot plot is digitised."""

from triptych.reading.learned_layout import Layout
from triptych.reading.measures import PlotMeasures, digitise
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.reader import Reader
from triptych.reading.reading import Field, Reading

__all__ = ["Field", "Layout", "OcrEngine", "PlotMeasures", "Reader", "Reading", "Word", "digitise"]
