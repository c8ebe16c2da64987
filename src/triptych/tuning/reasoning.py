"""The words between facts and conclusion, for the LLM that is tuned to draw it."""

from collections.abc import Sequence

from triptych.answers.book import DefectBook
from triptych.answers.facts import Fact
from triptych.answers.rules import verdict

CUE = "Conclusion:"


def told(facts: Sequence[Fact]) -> str:
    """What the language model is given: the facts, and a cue."""
    return "\n".join([*(fact.sentence for fact in facts), CUE])


def conclude(facts: Sequence[Fact], book: DefectBook) -> str:
    """What it is to say: the pattern in a sentence, and the class of the book that it fits; else the facts again."""
    phrases = [fact.phrase for fact in facts if fact.phrase]
    if not phrases:
        return " ".join(fact.sentence for fact in facts) or "There are no readings."
    *firsts, last = phrases
    pattern = f"{', '.join(firsts)} and {last}" if firsts else last
    return " ".join([f"The holes are {pattern}.", *verdict(tuple(facts), book)])
