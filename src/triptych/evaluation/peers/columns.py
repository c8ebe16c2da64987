"""The readings of records as a table with numbers, words and texts, for methods that learn from tables.

Numbers stay as they are; words, such as a machine's name, are told apart one by one; a column of words that go on for
long is text. What a column is, and which columns there are, follows from the training records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.records import Readings

if TYPE_CHECKING:
    import pandas as pd

LONG = 6.0  # words in a text, on average; fewer are a name or a code
RARE = 2  # a word that fewer training records carry tells nothing


@dataclass(frozen=True)
class Columns:
    """Names of the columns of each kind."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]
    texts: tuple[str, ...]

    def table(self, records: Sequence[Readings]) -> "pd.DataFrame":
        """A row for every record; a number that it lacks is NaN, a word or text that it lacks is empty."""
        import pandas as pd

        cells = {name: [_number(readings.get(name)) for readings in records] for name in self.numbers}
        named = {name: [_word(readings.get(name)) for readings in records] for name in (*self.words, *self.texts)}
        return pd.DataFrame({**cells, **named}, index=range(len(records)))

    def text(self, readings: Readings) -> str:
        """All texts of one record."""
        return " ".join(_word(readings.get(name)) for name in self.texts)

    def transformer(self) -> Any:
        """What turns the table's numbers and words into features: a scikit-learn transformer, not yet fitted.

        Numbers are standardised, a missing one replaced by the median and noted in a feature of its own.
        """
        from sklearn.compose import ColumnTransformer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
        encoder = OneHotEncoder(handle_unknown="ignore", min_frequency=RARE, sparse_output=False)
        numbers = ("numbers", make_pipeline(imputer, StandardScaler()), list(self.numbers))
        return ColumnTransformer([numbers, ("words", encoder, list(self.words))])


def find_columns(records: Iterable[Readings]) -> Columns:
    """The columns of `records`, in order of appearance; what is a number in at least half of its records is one."""
    cells: dict[str, list[float | str]] = {}
    for readings in records:
        for name, value in readings.items():
            cells.setdefault(name, []).append(value)
    kinds = {name: _kind(values) for name, values in cells.items()}
    return Columns(*(tuple(name for name in kinds if kinds[name] == kind) for kind in ("number", "word", "text")))


def _kind(values: Sequence[float | str]) -> str:
    lengths = [len(value.split()) for value in values if isinstance(value, str)]
    if 2 * len(lengths) <= len(values):
        return "number"
    return "text" if sum(lengths) / len(lengths) >= LONG else "word"


def _number(value: float | str | None) -> float:
    return value if isinstance(value, float) else float("nan")


def _word(value: float | str | None) -> str:
    return "" if value is None else str(value)
