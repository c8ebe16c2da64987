"""Single characters are recognised in a line of copies: alone they have no neighbours that show their size."""

from triptych.reading.ocr import Text

REPEATS = 3  # of a single character


def one_of(text: Text) -> Text:
    """The character of which `text` holds `REPEATS`; the whole text if it holds anything else."""
    plain = text.text.replace(" ", "")
    return Text(plain[0], text.score) if len(plain) == REPEATS and len(set(plain)) == 1 else text
