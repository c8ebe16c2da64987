"""The default LLM provider, `rules`: compares the checked readings with the defect book, in words.

It has no weights and is not a language model; reports and model cards state this. It never sees a label: its conclusion
depends only on the readings and the book.
"""

from collections.abc import Iterable, Sequence

from triptych.answers.defect_book import DefectBook, Entry
from triptych.answers.prompt_facts import Fact
from triptych.answers.provider import Question, Reply


class Rules:
    """Lists the facts, then the class of the book whose signs match them best."""

    id = "rules-1"
    uses = frozenset({"facts", "book"})  # the signs of both are not in the prompt
    batch_size = 1

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """For each question the facts in sentences, and the verdict if book and facts share signs."""
        return enumerate(Reply(_reason(question)) for question in questions)


def _reason(question: Question) -> str:
    said = " ".join(fact.sentence for fact in question.facts) or "There are no readings."
    return " ".join([said, *verdict(question.facts, question.book)])


def verdict(facts: tuple[Fact, ...], book: DefectBook | None) -> list[str]:
    """The class of the book whose signs match the facts best, and those that come close, in sentences."""
    shown = {fact.sign for fact in facts if fact.sign}
    entries = [entry for entry in book.classes if entry.signs] if book else []
    if not shown or not entries:
        return []

    def fit(entry: Entry) -> float:
        return len(shown & set(entry.signs)) / len(entry.signs)

    best = max(entries, key=fit)
    signs = ", ".join(sign for sign in best.signs if sign in shown)
    said = [f"The readings fit {best.name} best ({signs}): {best.sentence}"] if signs else []
    close = [entry.name for entry in entries if entry is not best and fit(best) - fit(entry) < 0.34]
    return said + ([f"Close to it: {', '.join(close)}."] if said and close else [])
