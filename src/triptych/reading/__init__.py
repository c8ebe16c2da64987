"""What a record picture says: its printed table read and checked, its dot plot digitised."""

from triptych.reading.layout import Layout
from triptych.reading.measures import PlotMeasures, digitise
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.reader import Reader, Reading

__all__ = ["Layout", "OcrEngine", "PlotMeasures", "Reader", "Reading", "Word", "digitise"]
