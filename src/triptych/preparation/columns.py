"""Compares the columns of records to be classified with those that the model was trained on.

A missing column is an error, because its values would have to be invented. An empty cell affects only its own record,
which goes to review if nearly all training records have a value there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from triptych.errors import InputError
from triptych.preparation.expectations import NEARLY_ALL, Expectations
from triptych.records import RecordSet

LIKENESS = 0.6  # similarity of two names, 0..1, from which on the one is suggested for the other


def match_columns(records: RecordSet, expected: Expectations, name: str, *, allow_missing: bool = False) -> RecordSet:
    """Keep the columns of `records` that the model knows; warnings name the others, and missing columns if allowed.

    Args:
        records: the records to be classified.
        expected: what the model's training records have.
        name: the source of `records`, for messages.
        allow_missing: whether columns may be missing.

    Raises:
        InputError: a column that the model was trained on is missing.
    """
    found = _columns(records)
    unknown = [column for column in found if column not in expected.fields]
    missing = _missing(records, found, expected)
    if missing and not allow_missing:
        raise InputError(f"{name}: {_message(missing, unknown, found)}")
    warnings = []
    if missing:
        warnings.append(f"{name}: {_named(missing)} missing; the records go to review")
    if unknown:
        warnings.append(f"{name}: {_named(unknown)} unknown to the model and not used")
    known = tuple(
        record
        if (readings := expected.conform(record.readings)) == record.readings
        else replace(record, readings=readings)
        for record in records
    )
    # A missing column that is allowed is listed as a column of empty cells, so that matching again warns of nothing.
    kept = [column for column in found if column in expected.fields]
    columns = (*kept, *missing) if missing else records.columns and tuple(kept)
    return replace(records, records=known, warnings=(*records.warnings, *warnings), columns=columns)


def _columns(records: RecordSet) -> list[str]:
    """The columns of the records' table; without a table, the names of all their readings."""
    return list(records.columns or dict.fromkeys(column for record in records for column in record.readings))


def _missing(records: RecordSet, found: Sequence[str], expected: Expectations) -> list[str]:
    """The missing columns; none for pictures alone, unless nearly all training records came with readings."""
    if not found and expected.given < NEARLY_ALL:
        return []
    missing = [column for column in expected.columns if column not in found]
    # Without a table, a column that is often empty is not missing: these records may all lack a value.
    return missing if records.columns else [column for column in missing if expected.fields[column].expected]


def _message(missing: Sequence[str], unknown: Sequence[str], found: Sequence[str]) -> str:
    """What is missing and what to do, in one line."""
    allow = "or allow missing columns (--allow-missing, in Python allow_missing=True); the records then go to review"
    if not found:
        needed = ", ".join(repr(column) for column in missing)
        return (
            f"the model was trained on the {_noun(missing)} {needed}, and pictures alone have none; give a "
            f"table with the column 'image' and {'it' if len(missing) == 1 else 'these'} (.csv or .parquet), {allow}"
        )
    pairs = [_with_likeliest(column, unknown) for column in missing]
    return (
        f"the model was trained on the {_noun(missing)} {', '.join(pairs)}; found {', '.join(found)}. "
        f"Rename or add {'it' if len(missing) == 1 else 'them'}, {allow}"
    )


def _with_likeliest(column: str, unknown: Iterable[str]) -> str:
    """The missing `column`, with the most similar `unknown` one as a suggestion."""
    likeness = {other: SequenceMatcher(None, _plain(column), _plain(other)).ratio() for other in unknown}
    best = max(likeness, key=lambda other: likeness[other], default=None)
    if best is None or (likeness[best] < LIKENESS and not _contains(column, best)):
        return f"{column!r}, which is missing"
    return f"{column!r}, which is missing (is it {best!r}?)"


def _contains(one: str, other: str) -> bool:
    """Whether one of two names contains the other, such as a name with its unit."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return len(short) > 1 and short in long


def _plain(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _named(columns: Sequence[str]) -> str:
    return f"{len(columns)} {_noun(columns)} ({', '.join(map(repr, columns))}) {'is' if len(columns) == 1 else 'are'}"


def _noun(columns: Sequence[str]) -> str:
    return "column" if len(columns) == 1 else "columns"
