from triptych.reading.box import Box
from triptych.reading.japanese import with_japanese
from triptych.reading.ocr import Word


def _words(*texts):
    return [Word(text, Box(0, 0, 10, 10), 1.0) for text in texts]


def test_chinese_characters_become_japanese_on_a_page_in_kana():
    assert [word.text for word in with_japanese(_words("ロット番号", "最大值"))] == ["ロット番号", "最大値"]


def test_a_chinese_page_stays_as_it_is():
    assert with_japanese(_words("最大值", "ー", "10.5")) == _words("最大值", "ー", "10.5")
