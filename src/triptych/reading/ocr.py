"""Optical character recognition: pictures of words -> words.

An engine does two things: find and read every word of a page (slow), and read crops that hold one line of text
each (fast). `RapidOCREngine` is the built-in engine. Its PP-OCRv6 models come inside the wheel, so it never needs a
network. Its text-direction classifier is off: records are upright, and the classifier silently turns 99 into 66.

The result for a crop does not depend on the other crops: each crop is scaled to the model's height and padded with
its own background to a multiple of `WIDTH_STEP`, and only crops of equal width share a batch. A cached result is
therefore the same as a new one.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box
from triptych.threads import thread_count

Pixels = NDArray[np.uint8]

TEXT_HEIGHT = 48  # px, the height that the recogniser was trained with
WIDTH_STEP = 16  # px; with much padding the model misreads a lone 0 and is slower
BATCH_SIZE = 16
MAX_ASPECT = 4
MAX_THREADS = 4  # these small models get no faster with more threads


@dataclass(frozen=True)
class Text:
    """One recognised line and the engine's confidence in it, 0 to 1."""

    text: str
    score: float


@dataclass(frozen=True)
class Word:
    """A piece of text, its box on the page and the engine's confidence in it, 0 to 1."""

    text: str
    box: Box
    score: float


class OcrEngine(Protocol):
    """The interface of an OCR engine. Entry points of the group `triptych.ocr` name classes that implement it."""

    id: str

    def detect(self, image: Pixels) -> list[Word]:
        """Every word or line of the page `image` [H, W, 3] (RGB)."""
        ...

    def recognise(self, crops: Sequence[Pixels]) -> list[Text]:
        """The text of each crop [H, W, 3] (RGB) of one line; same length and order as `crops`."""
        ...


class RapidOCREngine:
    """RapidOCR with the models inside its wheel, on the CPU. The models are loaded at the first call."""

    id = "rapidocr:PP-OCRv6-small"

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = threading.Lock()

    def detect(self, image: Pixels) -> list[Word]:
        """Every line of the page `image` [H, W, 3] (RGB), each recognised at its own width."""
        # Pass all flags in every call: the engine keeps those of the previous call.
        found = self._load()(
            _limit_aspect(bgr(image)), use_det=True, use_cls=False, use_rec=False, return_word_box=False
        )
        if getattr(found, "boxes", None) is None:
            return []
        boxes = [upright(quad, image.shape) for quad in found.boxes]
        boxes = [box for box in boxes if box.width >= 2 and box.height >= 2]
        texts = self.recognise([crop(image, box) for box in boxes])
        return [Word(t.text, box, t.score) for t, box in zip(texts, boxes, strict=True) if t.text.strip()]

    def recognise(self, crops: Sequence[Pixels]) -> list[Text]:
        """The text of each crop [H, W, 3] (RGB); an empty crop has the text ""."""
        results = [Text("", 0.0)] * len(crops)
        by_width: dict[int, list[int]] = {}
        lines = [_line(c) if c.size else None for c in crops]
        for index, line in enumerate(lines):
            if line is not None:
                by_width.setdefault(line.shape[1], []).append(index)
        for members in by_width.values():
            for start in range(0, len(members), BATCH_SIZE):
                batch = members[start : start + BATCH_SIZE]
                read = self._load().recognize_txt([lines[i] for i in batch])
                for index, text, score in zip(batch, read.txts, read.scores, strict=True):
                    results[index] = Text(str(text).strip(), float(score))
        return results

    def _load(self) -> Any:
        with self._lock:
            if self._engine is None:
                self._engine = _build_engine()
        return self._engine


def bundled_model(part: str) -> str:
    """The path of PP-OCRv6's `det` or `rec` model inside the wheel of rapidocr."""
    import rapidocr

    return str(Path(rapidocr.__file__).parent / "models" / f"PP-OCRv6_{part}_small.onnx")


def _build_engine() -> Any:
    import rapidocr

    params = {
        "Global.log_level": "critical",
        "Global.text_score": 0.0,  # the reader judges doubtful words itself
        "Global.use_cls": False,
        # With explicit paths the engine never tries to download a model.
        "Det.model_path": bundled_model("det"),
        "Rec.model_path": bundled_model("rec"),
        "Rec.rec_img_shape": [3, TEXT_HEIGHT, WIDTH_STEP],  # the minimum width; the default pads every crop to 320
        "Rec.rec_batch_num": BATCH_SIZE,
        "EngineConfig.onnxruntime.intra_op_num_threads": min(MAX_THREADS, thread_count()),
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
    }
    return rapidocr.RapidOCR(params=params)


def bgr(image: Pixels) -> Pixels:
    """RGB -> BGR, the channel order of OpenCV and of the engine."""
    return np.ascontiguousarray(image[:, :, ::-1])


def grey(image: Pixels) -> NDArray[np.uint8]:
    """The brightness of `image` [H, W, 3] (RGB), [H, W]."""
    import cv2

    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def crop(image: Pixels, box: Box) -> Pixels:
    """The pixels of `image` [H, W, 3] inside `box`, which may extend beyond the picture."""
    x0, y0, x1, y1 = (int(v) for v in box.inside(image.shape))
    return image[y0:y1, x0:x1]


def background(image: Pixels) -> tuple[int, int, int]:
    """The background colour of `image` [H, W, 3]: the median of each channel."""
    red, green, blue = np.median(image.reshape(-1, 3), axis=0)
    return int(red), int(green), int(blue)


def _limit_aspect(image: Pixels) -> Pixels:
    """`image` padded to an aspect ratio of at most `MAX_ASPECT`: the detector scales pictures by their shorter side."""
    import cv2

    height, width = image.shape[:2]
    below, beside = max(0, -(-width // MAX_ASPECT) - height), max(0, -(-height // MAX_ASPECT) - width)
    if not below and not beside:
        return image
    padded = cv2.copyMakeBorder(image, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=background(image))
    return np.asarray(padded, dtype=np.uint8)


def _line(image: Pixels) -> Pixels:
    """`image` scaled to the recogniser's height, in BGR, padded on the right to a multiple of `WIDTH_STEP`."""
    import cv2

    height, width = image.shape[:2]
    scaled = max(1, round(width * TEXT_HEIGHT / height))
    way = cv2.INTER_CUBIC if height < TEXT_HEIGHT else cv2.INTER_AREA
    resized = cv2.resize(bgr(image), (scaled, TEXT_HEIGHT), interpolation=way)
    missing = -scaled % WIDTH_STEP
    fill = background(image)[::-1]
    padded = cv2.copyMakeBorder(resized, 0, 0, 0, missing, cv2.BORDER_CONSTANT, value=fill)
    return np.asarray(padded, dtype=np.uint8)


def upright(quad: NDArray[np.floating], shape: tuple[int, ...]) -> Box:
    """The rectangle around the four corners `quad` [4, 2], inside a picture of `shape`."""
    return Box(*quad.min(axis=0).tolist(), *quad.max(axis=0).tolist()).inside(shape)
