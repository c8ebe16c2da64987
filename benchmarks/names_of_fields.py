"""Names of fields, statistics and words as inspection programs print them (`names_of_fields.yaml`)."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml


class Field(NamedTuple):
    """A field: its name, unit, least and greatest value, decimal places, and format if it is not the usual one."""

    name: str
    unit: str
    low: float
    high: float
    places: int = 2
    form: str = ""


_LANGUAGES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
AXES = "XY"
FIELDS = {language: [Field(*field) for field in names["fields"]] for language, names in _LANGUAGES.items()}
STATISTICS = {
    language: {name: tuple(rest) for name, *rest in names["statistics"]} for language, names in _LANGUAGES.items()
}
"""The printed name of a statistic: its key in `Sheet.stats`, least and greatest value, decimal places."""
FEATURES = {language: names["features"] for language, names in _LANGUAGES.items()}
TITLES = {language: names["titles"] for language, names in _LANGUAGES.items()}
WORDS = {language: names["words"] for language, names in _LANGUAGES.items()}
