"""Parses untrusted YAML: every failure is a `ValueError`, and parsing time is bounded."""

from typing import Any

import yaml

DEEPEST = 50  # greatest nesting of brackets; with thousands the parser takes minutes


def parse_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises:
        ValueError: `text` is not YAML, has values that Python cannot represent, or is nested too deeply.
    """
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise ValueError(f"more than {DEEPEST} brackets are open at once")
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
