"""The ways of answering: which provider supports which, and what a valid answer is.

| way          | the answer                                       | its text for the encoder       |
|--------------|--------------------------------------------------|--------------------------------|
| `generate`   | free text (the paper's)                          | the same text                  |
| `choose`     | the probability of each class (`choose`)         | a sentence with these          |
| `structured` | JSON that fits a schema (`structured`)           | sentences made from its fields |
"""

from dataclasses import replace

from triptych.answers.choose import MOST_OPTIONS
from triptych.answers.defect_book import DefectBook
from triptych.answers.no_answer import NoAnswer
from triptych.answers.provider import Provider, Question, Reply
from triptych.answers.structured import parse
from triptych.config import Way
from triptych.errors import TriptychError
from triptych.plugins import factories


def ways_of(provider: object) -> frozenset[str]:
    """The ways that a provider, or its class, supports."""
    return frozenset(getattr(provider, "ways", {"generate"}))


def check_way(kind: str, provider: Provider, way: Way, book: DefectBook) -> None:
    """Check that `provider` supports `way` with the classes of `book`, before anything is asked.

    Raises:
        TriptychError: it does not, or there are too few or too many classes to choose from.
    """
    if way == "generate" or isinstance(provider, NoAnswer):
        return
    if way not in ways_of(provider):
        able = [name for name, factory in factories(kind).items() if way in ways_of(factory)]
        raise TriptychError(
            f"answers.{kind}_way={way}: {provider.id} does not support this way; these do: {', '.join(able)}. "
            f"Choose one as answers.{kind}, or set answers.{kind}_way=generate"
        )
    count = len(book.classes)
    if count < 2:
        raise TriptychError(f"answers.{kind}_way={way}: a choice needs two classes; found {count}. Label the records")
    if way == "choose" and count > MOST_OPTIONS:
        raise TriptychError(
            f"answers.{kind}_way=choose: at most {MOST_OPTIONS} classes are supported; found {count}. "
            f"Set answers.{kind}_way to structured or generate"
        )


def validated(question: Question, reply: Reply) -> Reply:
    """`reply`, or a failure if it is empty or not an answer in the requested way."""
    error = reply.error or _problem(question, reply)
    return replace(reply, text="", probabilities=None, error=error) if error else reply


def answer_text(question: Question, reply: Reply) -> str:
    """The text of an answer, as encoders and people read it; empty without an answer."""
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
