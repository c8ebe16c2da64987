"""A finding of an audit: what is wrong or suspicious, in which records, how sure that is, and what to do."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["label-errors", "two-labels", "duplicates", "contradictions", "leaks", "batch-effects", "class-sizes"]
Sure = Literal["certain", "likely", "possible"]

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes:
        kind: one of `KINDS`.
        records: the ids of the records that it accuses; empty if it is about a class or a field, not about records.
        sure: `certain` if it follows from the data alone, such as two equal files; `likely` after a test that holds its
            error rate; else `possible`.
        words: what was found, with numbers.
        advice: what to do about it.
        subject: the class, field or reading that it is about; empty if it is about records.
        p_value: corrected for the number of tests of its kind; None if nothing was tested.
    """

    kind: Kind
    records: tuple[str, ...]
    sure: Sure
    words: str
    advice: str
    subject: str = ""
    p_value: float | None = None
