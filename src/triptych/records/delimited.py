"""Reads CSV files of any common encoding and delimiter; all cells are text.

UTF-8 and UTF-16 (with a byte order mark) are recognised; anything else is read as Windows-1252 with a warning. The
delimiter is the comma, semicolon or tab that gives the header line a column `image`, or else the most columns. A line
`sep=;` before the header, as Excel writes it, is respected.
"""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from triptych.errors import TriptychError

DELIMITERS = (",", ";", "\t")
NAMED = 3  # lines that an error lists
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Delimited:
    """The cells of a CSV file.

    Attributes:
        header: the cells of the header line.
        rows: the cells of every other row, as many as in the header.
        lines: the line of the file on which each row begins, from 1.
        delimiter: the character between cells.
        warnings: notes on how the file was read.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str
    warnings: list[str]


def read_delimited(path: Path) -> Delimited:
    """Read a CSV file.

    Raises:
        TriptychError: it cannot be read, is in an unknown encoding, has no header, or a row has too many or too few
            cells.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    text, warnings = _decode(path, data)
    text, first_line, delimiter = _excel_hint(text)
    if not text.strip():
        raise _unreadable(path, "it is empty")
    rows, lines = _rows(path, text, delimiter or _delimiter(text), first_line)
    rows, lines, more = _without_blank_rows(path, rows, lines)
    header = rows[0]
    _check_widths(path, header, rows, lines)
    cells = [row[: len(header)] for row in rows[1:]]
    return Delimited(header, cells, lines[1:], delimiter or _delimiter(text), [*warnings, *more])


def _decode(path: Path, data: bytes) -> tuple[str, list[str]]:
    """The text of the file, and a warning if its encoding is not certain."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    warnings: list[str] = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            reason = f"it has the byte order mark of UTF-16, but is not UTF-16: {error.reason}"
            raise _unreadable(path, reason) from None
        text, warnings = _decode_windows(path, data, error.start)
    if "\0" in text:
        raise _unreadable(path, "it holds NUL characters, as binary files and UTF-16 without a byte order mark do")
    return text, warnings


def _decode_windows(path: Path, data: bytes, start: int) -> tuple[str, list[str]]:
    """The text in Windows-1252; `start` is the first byte that is not UTF-8."""
    line = data.count(b"\n", 0, start) + 1
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise TriptychError(
            f"{path}: line {line} is neither UTF-8 nor Windows-1252 text; save the table as UTF-8"
        ) from None
    shown = text.splitlines()[line - 1].strip()[:60] if line <= len(text.splitlines()) else ""
    warning = f"{path}: not UTF-8, read as Windows-1252; line {line} reads {shown!r}. Save it as UTF-8 if that is wrong"
    return text, [warning]


def _excel_hint(text: str) -> tuple[str, int, str]:
    """The text from the header on, the number of its first line, and the delimiter given by a line `sep=`."""
    first, _, rest = text.partition("\n")
    hint = first.strip().strip('"')
    if hint.lower().startswith("sep=") and len(hint) == len("sep=") + 1:
        return rest, 2, hint[-1]
    return text, 1, ""


def _delimiter(text: str) -> str:
    """The delimiter of the header line."""
    line = next(line for line in text.splitlines() if line.strip())
    headers = {mark: [cell.strip().casefold() for cell in line.split(mark)] for mark in DELIMITERS}
    with_image = [mark for mark in DELIMITERS if any(cell.strip('"') == "image" for cell in headers[mark])]
    return max(with_image or DELIMITERS, key=lambda mark: len(headers[mark]))


def _rows(path: Path, text: str, delimiter: str, first_line: int) -> tuple[list[list[str]], list[int]]:
    """All rows, the header first, and the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    begin = first_line
    try:
        for row in reader:
            rows.append(row)
            lines.append(begin)
            begin = first_line + reader.line_num
    except csv.Error as error:
        reason = "a quotation mark is not closed" if "end of data" in str(error) else str(error)
        raise _unreadable(path, f"line {begin}: {reason}") from None
    return rows, lines


def _without_blank_rows(
    path: Path, rows: list[list[str]], lines: list[int]
) -> tuple[list[list[str]], list[int], list[str]]:
    """The rows that are not blank, with a warning for blank rows before the end of the file."""
    filled = [place for place, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        raise _unreadable(path, "it holds only delimiters")
    blank = sorted(set(range(filled[0], filled[-1])) - set(filled))
    warnings = []
    if blank:
        warnings.append(f"{path}: {len(blank)} blank row(s) are skipped, the first on line {lines[blank[0]]}")
    return [rows[place] for place in filled], [lines[place] for place in filled], warnings


def _check_widths(path: Path, header: list[str], rows: list[list[str]], lines: list[int]) -> None:
    """Refuse rows with too many or too few cells; additional empty cells are allowed."""
    pairs = zip(rows[1:], lines[1:], strict=True)
    wrong = [
        (line, len(row)) for row, line in pairs if len(row) < len(header) or any(map(str.strip, row[len(header) :]))
    ]
    if wrong:
        named = ", ".join(f"line {line} has {count}" for line, count in wrong[:NAMED])
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        raise TriptychError(
            f"{path}: the header has {len(header)} cells, but {named}{more}; "
            "give every row as many, and put text that holds the delimiter into quotation marks"
        )


def _unreadable(path: Path, reason: str) -> TriptychError:
    return TriptychError(f"{path}: not a table that can be read ({reason}); save it again as CSV in UTF-8")
