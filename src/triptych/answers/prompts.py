"""The prompts for VLM and LLM, loaded from a YAML file."""

import string
from collections.abc import Sequence
from importlib.resources import files

import yaml

from triptych.answers.choose import lettered_options
from triptych.answers.defect_book import DefectBook
from triptych.answers.few_shot import Shot
from triptych.answers.prompt_facts import Fact
from triptych.answers.structured import allowed
from triptych.config import Section, Way
from triptych.errors import TriptychError

NO_DESCRIPTION = "(there is no description)"
_PLACEHOLDERS = {
    "vlm": set[str](),
    "llm": {"description", "facts", "book", "examples", "task"},
    "vlm_decides": {"vlm", "book", "task"},
    "examples": {"shots"},
    "shot": {"facts", "label"},
}
_TASK_PLACEHOLDERS = {"options", "fields"}


class Prompts(Section):
    """The two prompts of equation 1, and the task text of each way of answering."""

    vlm: str
    llm: str
    tasks: dict[Way, str]
    vlm_decides: str
    examples: str
    shot: str

    def describing(self, book: DefectBook, way: Way = "generate") -> str:
        """The VLM's prompt; for the way `generate` it is the paper's, without the classes."""
        if way == "generate":
            return self.vlm
        return self.vlm_decides.format(vlm=self.vlm, book=book.text(), task=self._task(way, book))

    def reasoning(
        self,
        description: str,
        facts: Sequence[Fact],
        book: DefectBook,
        way: Way = "generate",
        shots: Sequence[Shot] = (),
    ) -> str:
        """The LLM's prompt about one record."""
        examples = "\n\n".join(self.shot.format(facts=shot.facts, label=shot.label) for shot in shots)
        return self.llm.format(
            description=description or NO_DESCRIPTION,
            facts=listed(facts),
            book=book.text(),
            examples=self.examples.format(shots=examples) if shots else "",
            task=self._task(way, book),
        )

    def _task(self, way: Way, book: DefectBook) -> str:
        return self.tasks[way].format(options=lettered_options(book.names), fields=allowed(book.names))


def listed(facts: Sequence[Fact]) -> str:
    """Facts as lines of a prompt."""
    return "\n".join(f"- {fact.sentence}" for fact in facts) or "- nothing"


def load_prompts() -> Prompts:
    """The built-in prompts.

    Raises:
        TriptychError: a prompt has an unknown placeholder.
    """
    source = files("triptych.answers") / "data" / "prompts.yaml"
    prompts = Prompts.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    for name, allowed_here in _PLACEHOLDERS.items():
        _check(name, getattr(prompts, name), allowed_here)
    for way, task in prompts.tasks.items():
        _check(f"tasks.{way}", task, _TASK_PLACEHOLDERS)
    return prompts


def _check(name: str, prompt: str, placeholders: set[str]) -> None:
    used = {part for _, part, _, _ in string.Formatter().parse(prompt) if part is not None}
    if unknown := used - placeholders:
        known = ", ".join(sorted(placeholders)) or "none"
        raise TriptychError(f"prompt {name}: unknown placeholder {', '.join(sorted(unknown))}; allowed are {known}")
