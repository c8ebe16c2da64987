"""OCR done once: an engine whose answers are kept.

The key is the engine's id and the pixels, so an interrupted run finds all that it had read, and a changed
picture is read again.
"""

import json
from collections.abc import Sequence
from typing import Protocol

from triptych.cache import digest
from triptych.reading.box import Box
from triptych.reading.ocr import OcrEngine, Pixels, Text, Word


class ByteStore(Protocol):
    """Where answers are kept: `triptych.cache.Cache`, or anything like it."""

    def get(self, key: str) -> bytes | None:
        """What was kept under `key`, or None."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep `value` under `key`."""
        ...


class CachedEngine:
    """`engine`, which is asked only what `cache` does not hold. It is an `OcrEngine` itself."""

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
        """The text of each crop [H, W, 3] (RGB); those not kept yet are read in one batch."""
        keys = [self._key("recognise", crop) for crop in crops]
        kept = {key: self.cache.get(key) for key in keys}
        missing = {key: crop for key, crop in zip(keys, crops, strict=True) if kept[key] is None}
        for key, text in zip(missing, self.engine.recognise(list(missing.values())), strict=True):
            kept[key] = json.dumps([text.text, text.score]).encode()
            self.cache.put(key, kept[key] or b"")
        return [Text(*json.loads(kept[key] or b"")) for key in keys]

    def _key(self, call: str, image: Pixels) -> str:
        return digest(self.id, call, repr(image.shape), image.tobytes())
