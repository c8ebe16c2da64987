"""Gives Japanese pages their characters back: OCR takes some of them for the Chinese ones that look the same."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from triptych.reading.ocr import Word

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]{2}")  # one alone may be misread
_LOOKALIKES = [
    "值値", "增増", "查査", "內内", "每毎", "黑黒", "步歩", "别別", "单単", "溫温", "强強", "收収", "德徳", "效効",
    "橫横", "壓圧", "稅税", "缘縁", "绿緑", "录録", "检検", "总総", "误誤", "标標", "准準",
    "测測", "间間", "时時", "员員", "设設", "备備", "规規", "线線", "长長", "质質", "货貨", "产産", "图図", "圆円",
]  # fmt: skip
_JAPANESE = str.maketrans({pair[0]: pair[1] for pair in _LOOKALIKES})


def japanese(texts: Iterable[str]) -> bool:
    """Whether the `texts` of a page are Japanese: some are in kana."""
    return any(map(_KANA.search, texts))


def with_japanese(words: Sequence[Word]) -> list[Word]:
    """The `words` of a page; if it is Japanese, with Japanese characters in the place of Chinese ones."""
    if not japanese(word.text for word in words):
        return list(words)
    return [replace(word, text=as_japanese(word.text)) for word in words]


def as_japanese(text: str) -> str:
    """`text` with Japanese characters in the place of the Chinese ones that look like them."""
    return text.translate(_JAPANESE)
