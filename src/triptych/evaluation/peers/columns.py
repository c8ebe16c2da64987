"""The readings of records as a table of numbers, words and texts, for methods that learn from tables.

A column contains numbers, words (categories, such as the name of a machine) or longer texts. The training records
determine the columns and their kinds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.records import Readings

if TYPE_CHECKING:
    import pandas as pd

LONG = 6.0  # mean number of words per value from which a column is text; shorter values are names or codes
RARE = 2  # words in fewer training records share one feature, because they are too rare to learn from


@dataclass(frozen=True)
class Columns:
    """The names of the columns of each kind."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]
    texts: tuple[str, ...]

    def table(self, records: Sequence[Readings]) -> "pd.DataFrame":
        """A table with one row per record; missing numbers are NaN, missing words and texts are empty."""
        import pandas as pd

        cells = {name: [_number(readings.get(name)) for readings in records] for name in self.numbers}
        named = {name: [_word(readings.get(name)) for readings in records] for name in (*self.words, *self.texts)}
        return pd.DataFrame({**cells, **named}, index=range(len(records)))

    def text(self, readings: Readings) -> str:
        """All texts of one record, joined by spaces."""
        return " ".join(_word(readings.get(name)) for name in self.texts)

    def transformer(self) -> Any:
        """An unfitted scikit-learn transformer from the table's numbers and words to features.

        Numbers are standardised; missing ones are replaced by the median and marked by an indicator feature. Words are
        one-hot encoded.
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
    """The columns of `records`, in order of appearance; a column with at least half numbers is numeric."""
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
