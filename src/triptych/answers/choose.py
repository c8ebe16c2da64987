"""The way `choose`: the probability of each class, read from the distribution of the next token.

The prompt lists the classes under letters and asks for one letter. No text is generated: the answer is the
probabilities of the letters, with or without a leading space, renormalised over the classes. A letter that is not among
the most likely tokens returned by a server has probability zero.
"""

import string
from collections.abc import Iterable, Sequence

from triptych.answers.provider import Reply

LETTERS = string.ascii_uppercase
MOST_OPTIONS = 20  # every server returns the probabilities of this many tokens


def lettered_options(options: Sequence[str]) -> str:
    """The options as lines of a prompt, each under its letter."""
    return "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))


def choice_reply(options: Sequence[str], likeliest: Iterable[tuple[str, float]]) -> Reply:
    """The answer given by the distribution of the next token.

    Args:
        options: the classes, in the order of their letters.
        likeliest: tokens and their probabilities; if none of them is a letter, the reply is a failure.
    """
    named, found = dict(zip(LETTERS, options, strict=False)), dict.fromkeys(options, 0.0)
    for token, probability in likeliest:
        if option := named.get(token.strip()):
            found[option] += probability
    total = sum(found.values())
    if not total > 0:
        return Reply(error=f"none of the letters {', '.join(named)} is a likely beginning of the answer")
    probabilities = {option: share / total for option, share in found.items()}
    return Reply(_sentence(probabilities), probabilities=probabilities)


def _sentence(probabilities: dict[str, float]) -> str:
    """The probabilities as a sentence, the most likely class first."""
    first, *others = sorted(probabilities, key=lambda option: -probabilities[option])
    said = f"The class that fits best is {first}, with a probability of {probabilities[first]:.0%}."
    rest = ", ".join(f"{option} {probabilities[option]:.0%}" for option in others)
    return f"{said} The others: {rest}." if rest else said
