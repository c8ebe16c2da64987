"""The ways of answering, as a setting names them: who can do which, what counts as an answer, how it reads.

| way          | the answer                                       | its text in the panel        |
|--------------|--------------------------------------------------|------------------------------|
| `generate`   | words (the paper's)                              | the words                    |
| `choose`     | the probability of each class (`choose`)         | a sentence that says them    |
| `structured` | JSON that fits a schema (`structured`)           | sentences that say the same  |
"""

from dataclasses import replace

from triptych.answers.book import DefectBook
from triptych.answers.choose import MOST_OPTIONS
from triptych.answers.nobody import Nobody
from triptych.answers.provider import Provider, Question, Reply
from triptych.answers.structured import parse
from triptych.config import Way
from triptych.errors import TriptychError
from triptych.plugins import factories


def ways_of(provider: object) -> frozenset[str]:
    """The ways that a provider, or what makes one, can answer in."""
    return frozenset(getattr(provider, "ways", {"generate"}))


def check_way(kind: str, provider: Provider, way: Way, book: DefectBook) -> None:
    """See that `provider` can answer in `way` about the classes of `book`, before anything is asked.

    Raises:
        TriptychError: it cannot, or there are too few classes to choose among, or too many.
    """
    if way == "generate" or isinstance(provider, Nobody):
        return
    if way not in ways_of(provider):
        able = [name for name, factory in factories(kind).items() if way in ways_of(factory)]
        raise TriptychError(
            f"answers.{kind}_way={way}: {provider.id} cannot answer so; these can: {', '.join(able)}. "
            f"Choose one as answers.{kind}, or set answers.{kind}_way=generate"
        )
    count = len(book.classes)
    if count < 2:
        raise TriptychError(f"answers.{kind}_way={way}: a choice needs two classes; found {count}. Label the records")
    if way == "choose" and count > MOST_OPTIONS:
        raise TriptychError(
            f"answers.{kind}_way=choose: at most {MOST_OPTIONS} classes can be chosen among; found {count}. "
            f"Set answers.{kind}_way to structured or generate"
        )


def judged(question: Question, reply: Reply) -> Reply:
    """`reply`, or the failure that it is: one that says nothing, or is no answer in the way that was asked for."""
    error = reply.error or _problem(question, reply)
    return replace(reply, text="", probabilities=None, error=error) if error else reply


def in_words(question: Question, reply: Reply) -> str:
    """The text of an answer, as encoders and people read it; empty for none."""
    if question.way == "structured" and reply.text:
        return parse(reply.text, question.options).sentences()
    return reply.text


def _problem(question: Question, reply: Reply) -> str:
    if not reply.text.strip():
        return "an empty answer"
    if question.way == "choose" and set(reply.probabilities or {}) != set(question.options):
        return "no probabilities of the classes"
    if question.way == "structured":
        try:
            parse(reply.text, question.options)
        except ValueError as error:
            return f"not an answer: {error}"
    return ""
