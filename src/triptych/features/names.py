"""Names of the features of the readings branch; no column of the user can have the name of another feature.

| feature                                   | name                                             |
|-------------------------------------------|--------------------------------------------------|
| a given number                            | its column, see `given`                          |
| a word of a text column                   | column, MARK, word: `phase ∋ pre`                |
| a value computed from numbers or a plot   | DERIVED and a name: `∴ offset`                   |
| number of precedents of a class           | `precedents ∋ CLASS`                             |
| a class probability from an answer        | `vlm_p_CLASS`, `llm_p_CLASS`                     |

A column keeps its own name unless it could be mistaken for another feature. In that case it is escaped.
"""

import re
from functools import lru_cache

MARK = " ∋ "  # between column and word
DERIVED = "∴ "  # before the name of a derived feature
PRECEDENTS = "precedents"  # in place of the column of a word

_RESERVED = re.compile(rf"{PRECEDENTS}|(vlm|llm)_p_.*", re.DOTALL)


@lru_cache(maxsize=1024)  # the same columns come with every record
def given(column: str) -> str:
    """The feature name of a column: of its number, or the part before MARK of its words.

    `∋` and `∴` are doubled, and a reserved name is prefixed with a single `∋`. Different columns therefore have
    different names, and no column has the name of another kind of feature.
    """
    name = column.replace("∋", "∋∋").replace("∴", "∴∴")
    return f"∋ {name}" if _RESERVED.fullmatch(name) else name


def derived(name: str) -> str:
    """The name of a feature that is computed from numbers or from the plot."""
    return f"{DERIVED}{name}"
