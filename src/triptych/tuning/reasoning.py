"""Prompts and target texts of the tuned LLM."""

from collections.abc import Sequence

from triptych.answers.defect_book import DefectBook
from triptych.answers.prompt_facts import Fact
from triptych.answers.rules import verdict

CUE = "Conclusion:"


def llm_prompt(facts: Sequence[Fact]) -> str:
    """The prompt: the facts that show a pattern, or all facts if none does, and a cue."""
    relevant = [fact for fact in facts if fact.phrase] or facts
    return "\n".join([*(fact.sentence for fact in relevant), CUE])


def llm_target(facts: Sequence[Fact], book: DefectBook) -> str:
    """The target text: the pattern in a sentence and the best class of the book; without a pattern, the facts."""
    phrases = [fact.phrase for fact in facts if fact.phrase]
    if not phrases:
        return " ".join(fact.sentence for fact in facts) or "There are no readings."
    *firsts, last = phrases
    pattern = f"{', '.join(firsts)} and {last}" if firsts else last
    return " ".join([f"The holes are {pattern}.", *verdict(tuple(facts), book)])
