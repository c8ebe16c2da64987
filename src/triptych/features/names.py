"""Names of the readings branch's features, such that no column of a user's can take the name of another feature.

| feature                                   | name                                             |
|-------------------------------------------|--------------------------------------------------|
| a given number                            | its column, see `given`                          |
| a word of a text column                   | column, MARK, word: `phase ∋ pre`                |
| what follows from numbers, or a plot      | DERIVED and a name: `∴ offset`                   |
| precedents of a class                     | `precedents ∋ CLASS`                             |
| a probability that an answer gives        | `vlm_p_CLASS`, `llm_p_CLASS`                     |

A column keeps its own name unless that name could be read as another feature's; then it is escaped.
"""

import re

MARK = " ∋ "  # between column and word
DERIVED = "∴ "  # before the name of a derived feature
PRECEDENTS = "precedents"  # stands where a word has its column

_RESERVED = re.compile(rf"{PRECEDENTS}|(vlm|llm)_p_.*", re.DOTALL)


def given(column: str) -> str:
    """The name of a given number's feature, and of the column in those of its words.

    `∋` and `∴` are doubled, and a reserved name gets a single `∋` in front, so that different columns keep different
    names and none has the name of a feature of another kind.
    """
    name = column.replace("∋", "∋∋").replace("∴", "∴∴")
    return f"∋ {name}" if _RESERVED.fullmatch(name) else name


def derived(name: str) -> str:
    """The name of a feature that follows from numbers or from the plot."""
    return f"{DERIVED}{name}"
