"""CnOCR, the paper's engine (sections 3.2 and 4.1); it needs the extra `reading`.

CnOCR ships without models and downloads them on first use. `cnocr` uses the compatible models inside the wheel of
RapidOCR instead, so it needs no network. `cnocr:densenet_lite_136-gru` uses one of CnOCR's own recognisers.
"""

import glob
import os
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from triptych.errors import MissingExtraError, TriptychError
from triptych.reading.ocr import Pixels, Text, Word, bundled_model, upright
from triptych.torchvision_ops import complete_torchvision
from triptych.trust import HUB

BUNDLED = "multi_PP-OCRv6_small"


class CnOCREngine:
    """CnOCR on the CPU. The models are loaded at the first call.

    Args:
        recogniser: the name of one of CnOCR's own recognisers; empty for the bundled one.
    """

    def __init__(self, recogniser: str = "") -> None:
        if not find_spec("cnocr"):
            raise MissingExtraError("reading.ocr=cnocr: it is not installed; pip install 'triptych[reading]'")
        self.recogniser = recogniser
        self.id = f"cnocr:{recogniser or BUNDLED}"
        self._engine: Any = None
        self._lock = threading.Lock()

    @staticmethod
    def server(recogniser: str) -> str | None:
        """The URL from which one of CnOCR's own recognisers is downloaded; None if it is already here."""
        home = Path(os.environ.get("CNOCR_HOME") or "~/.cnocr").expanduser()
        return HUB if recogniser and not any(home.glob(f"*/{glob.escape(recogniser)}/*")) else None

    def detect(self, image: Pixels) -> list[Word]:
        """Every line of the page `image` [H, W, 3] (RGB)."""
        found = self._load().ocr(image)
        words = (Word(item["text"].strip(), upright(item["position"], image.shape), item["score"]) for item in found)
        return [word for word in words if word.text]

    def recognise(self, crops: Sequence[Pixels]) -> list[Text]:
        """The text of each crop [H, W, 3] (RGB), recognised one by one; an empty crop has the text ""."""
        return [self._line(crop) if crop.size else Text("", 0.0) for crop in crops]

    def _line(self, crop: Pixels) -> Text:
        found = self._load().ocr_for_single_line(np.ascontiguousarray(crop))
        return Text(str(found["text"]).strip(), float(found["score"]))

    def _load(self) -> Any:
        with self._lock:
            if self._engine is None:
                self._engine = self._build()
        return self._engine

    def _build(self) -> Any:
        chosen: dict[str, Any] = (
            {"rec_model_name": self.recogniser}
            if self.recogniser
            else {"rec_model_name": BUNDLED, "rec_model_fp": bundled_model("rec")}
        )
        try:
            complete_torchvision()
            from cnocr import CnOcr

            return CnOcr(**chosen, det_model_name="multi_PP-OCRv6_det_small", det_model_fp=bundled_model("det"))
        except Exception as error:  # CnOCR, its download and its model file raise many types
            reason = " ".join(str(error).split())[:160]
            raise TriptychError(
                f"reading.ocr: CnOCR cannot load {self.recogniser or BUNDLED} ({reason}); choose reading.ocr=cnocr, "
                "whose models are installed with it, or reading.ocr=rapidocr"
            ) from None
