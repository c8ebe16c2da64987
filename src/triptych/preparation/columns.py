"""The columns of records to be classified, held against those that a model was trained on.

A column that is missing altogether is an error: its values would be made up. An empty cell is a matter of its own
record, which goes to review where nearly all training records have a value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from triptych.errors import InputError
from triptych.preparation.expectations import NEARLY_ALL, Expectations
from triptych.records import RecordSet

LIKENESS = 0.6  # of two names, 0..1; below it the one is not taken for the other


def match_columns(records: RecordSet, expected: Expectations, name: str, *, allow_missing: bool = False) -> RecordSet:
    """`records` with the columns that the model knows; a warning names the others, and what is missing if allowed.

    Args:
        records: the records to be classified.
        expected: what the model's training records have.
        name: what messages call the source of `records`.
        allow_missing: whether columns may be missing.

    Raises:
        InputError: a column that the model was trained on is missing.
    """
    found = _columns(records)
    unknown = [column for column in found if column not in expected.fields]
    missing = _missing(records, found, expected)
    if missing and not allow_missing:
        raise InputError(f"{name}: {_lacks(missing, unknown, found)}")
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
    # What is missing and allowed counts as a column of empty cells, so that matching again finds nothing new.
    kept = [column for column in found if column in expected.fields]
    columns = (*kept, *missing) if missing else records.columns and tuple(kept)
    return replace(records, records=known, warnings=(*records.warnings, *warnings), columns=columns)


def _columns(records: RecordSet) -> list[str]:
    """The columns of the table that the records come from, or the readings that any of them has."""
    return list(records.columns or dict.fromkeys(column for record in records for column in record.readings))


def _missing(records: RecordSet, found: Sequence[str], expected: Expectations) -> list[str]:
    """The model's columns that are missing; where only some training records came with readings, they may all be."""
    if not found and expected.given < NEARLY_ALL:
        return []
    missing = [column for column in expected.columns if column not in found]
    # Without a table, a column that is often empty is not missed: these records may all be without a value.
    return missing if records.columns else [column for column in missing if expected.fields[column].expected]


def _lacks(missing: Sequence[str], unknown: Sequence[str], found: Sequence[str]) -> str:
    """What is wrong and what to do, in one line."""
    allow = "or allow records without (--allow-missing, in Python allow_missing=True), which then go to review"
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
    """The missing `column` and the one of the `unknown` that is likeliest meant."""
    likeness = {other: SequenceMatcher(None, _plain(column), _plain(other)).ratio() for other in unknown}
    best = max(likeness, key=lambda other: likeness[other], default=None)
    if best is None or (likeness[best] < LIKENESS and not _contains(column, best)):
        return f"{column!r}, which is missing"
    return f"{column!r}, which is missing (is it {best!r}?)"


def _contains(one: str, other: str) -> bool:
    """Whether one of two names is the other with something added, such as a unit."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return len(short) > 1 and short in long


def _plain(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _named(columns: Sequence[str]) -> str:
    return f"{len(columns)} {_noun(columns)} ({', '.join(map(repr, columns))}) {'is' if len(columns) == 1 else 'are'}"


def _noun(columns: Sequence[str]) -> str:
    return "column" if len(columns) == 1 else "columns"
