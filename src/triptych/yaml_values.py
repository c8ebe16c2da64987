"""Values from YAML that anyone may have written: every failure is a `ValueError`, and none takes long."""

from typing import Any

import yaml

DEEPEST = 50  # brackets that may be open at once; the parser takes minutes over thousands


def parse_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises:
        ValueError: it is no YAML, has values that Python cannot hold, or is nested too deeply.
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
