import io
import os

from triptych.errors import TriptychError
from triptych.text import ERRORS, one_line, printable, shortened


def test_bytes_that_are_not_utf8_are_spelled_out_and_stay_apart():
    names = [os.fsdecode(b"caf\xe9.png"), os.fsdecode(b"caf\xe8.png"), "\ud800"]
    assert [printable(name) for name in names] == [r"caf\xe9.png", r"caf\xe8.png", r"\ud800"]


def test_printable_text_is_unchanged():
    text = "Größe 欠陥 😀\n\\xe9"
    assert printable(text) == text


def test_one_line_shows_control_characters_as_escapes():
    assert one_line("a\nb\tc\x1b[31m\u202e") == r"a\nb\tc\x1b[31m\u202e"


def test_a_stream_escapes_text_that_it_cannot_encode():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors=ERRORS)
    stream.write(os.fsdecode(b"\xe9") + "é😀")
    stream.flush()
    assert stream.buffer.getvalue() == b"\\xe9\\xe9\\U0001f600"


def test_every_error_can_be_printed():
    assert str(TriptychError(os.fsdecode(b"\xff.png: gone"))) == r"\xff.png: gone"


def test_long_text_is_cut_off():
    assert shortened("a\n b " + "x" * 300) == "a b " + "x" * 196 + "..."
