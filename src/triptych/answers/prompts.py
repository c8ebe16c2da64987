"""The questions asked of VLM and LLM, as data."""

import string
from importlib.resources import files

import yaml

from triptych.config import Section
from triptych.errors import TriptychError

_LLM_PLACEHOLDERS = {"description", "facts", "book"}


class Prompts(Section):
    """The two questions of equation 1."""

    vlm: str
    llm: str

    def reasoning(self, description: str, facts: str, book: str) -> str:
        """The question for the LLM about one record."""
        return self.llm.format(description=description, facts=facts, book=book)


def load_prompts() -> Prompts:
    """The built-in questions.

    Raises:
        TriptychError: a question asks for a placeholder that nothing fills.
    """
    source = files("triptych.answers") / "data" / "prompts.yaml"
    prompts = Prompts.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    asked = {name for _, name, _, _ in string.Formatter().parse(prompts.llm) if name is not None}
    if unknown := asked - _LLM_PLACEHOLDERS:
        allowed = ", ".join(sorted(_LLM_PLACEHOLDERS))
        raise TriptychError(f"prompt llm: unknown placeholder {', '.join(sorted(unknown))}; allowed are {allowed}")
    return prompts
