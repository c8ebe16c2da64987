"""Makes text printable.

A file name on Linux is a sequence of bytes. Python represents bytes that are not UTF-8 by lone surrogates, which
encoders reject. Such names occur in tables, terminals, reports and databases; this module escapes them.
"""

import codecs
import re

ERRORS = "triptych"  # name of the error handler for text streams

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # controls, bidi marks
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: str) -> str:
    r"""`text` with every byte that is not UTF-8 as `\xNN` (`caf\xe9.png`), and any other lone surrogate as `\uNNNN`."""
    return _SURROGATE.sub(_spelled, text)


def one_line(text: str) -> str:
    r"""`text` for terminals and Markdown tables: control characters are escaped as well, such as `\n`."""
    return _UNSEEN.sub(_spelled, text)


def shortened(text: str, most: int = 200) -> str:
    """`text` on one line, truncated after `most` characters."""
    line = " ".join(one_line(" ".join(text.split())).split())
    return line if len(line) <= most else f"{line[:most]}..."


def _spelled(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # Python's representation of the byte code - 0xDC00
        return f"\\x{code - 0xDC00:02x}"
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _encoding_error(error: UnicodeError) -> tuple[str | bytes, int]:
    """The error handler for streams: escapes undecodable bytes as `printable` does, and other characters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = printable(error.object[error.start : error.end])
    return found.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(ERRORS, _encoding_error)
