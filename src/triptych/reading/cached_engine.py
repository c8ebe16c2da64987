"""An OCR engine whose results are cached.

The cache key is the engine's id and the pixels. So an interrupted run finds its earlier results, and a changed
picture is read again.
"""

import json
from collections.abc import Sequence
from typing import Protocol

from triptych.cache import digest
from triptych.reading.box import Box
from triptych.reading.ocr import OcrEngine, Pixels, Text, Word


class ByteStore(Protocol):
    """The interface of the cache, which `triptych.cache.Cache` implements."""

    def get(self, key: str) -> bytes | None:
        """The value stored under `key`, or None."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Store `value` under `key`."""
        ...


class CachedEngine:
    """An `OcrEngine` that calls `engine` only for what `cache` does not hold."""

    def __init__(self, engine: OcrEngine, cache: ByteStore) -> None:
        self.engine = engine
        self.cache = cache
        self.id = engine.id

    def detect(self, image: Pixels) -> list[Word]:
        """Every word of the page `image` [H, W, 3] (RGB)."""
        key = self._key("detect", image)
        kept = self.cache.get(key)
        if kept is None:
            words = self.engine.detect(image)
            kept = json.dumps([[word.text, word.score, *word.box] for word in words]).encode()
            self.cache.put(key, kept)
        return [Word(text, Box(*box), score) for text, score, *box in json.loads(kept)]

    def recognise(self, crops: Sequence[Pixels]) -> list[Text]:
        """The text of each crop [H, W, 3] (RGB).

        All crops share one cache entry: a result may depend on the batch, and a resumed run must give the same.
        """
        key = self._key("recognise", *crops)
        kept = self.cache.get(key)
        if kept is None:
            texts = self.engine.recognise(crops)
            kept = json.dumps([[text.text, text.score] for text in texts]).encode()
            self.cache.put(key, kept)
        return [Text(text, score) for text, score in json.loads(kept)]

    def _key(self, call: str, *images: Pixels) -> str:
        parts = [part for image in images for part in (repr(image.shape), image.tobytes())]
        return digest(self.id, call, *parts)
