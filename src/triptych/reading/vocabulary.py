"""The words of printed names, by meaning: YAML files, one for each language, all of which are used at once.

A file has the keys of `Words`, each with a list of words or phrases. Accents and upper case make no difference. Words
may be joined without a space, as in "Gesamtbohrungen" and in Chinese, if nothing else is left.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeVar, get_args

from pydantic import ValidationError

from triptych.config import Section
from triptych.errors import TriptychError
from triptych.reading.units import UNIT_PATTERN, tidy
from triptych.yaml_values import parse_yaml

Role = Literal["total", "counted", "mean", "sigma", "variance", "fillers", "x", "y"]
STATISTICS = ("mean", "sigma", "variance")
ROLES: tuple[Role, ...] = ("total", "counted", "mean", "sigma", "variance", "fillers")

Kind = Literal[
    "maximum", "minimum", "span", "median", "upper_limit", "lower_limit", "control_limit", "target",
    "cp", "cpk", "pp", "ppk", "yield_rate", "bin", "accuracy", "mean_plus_3_sigma",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

LONGEST_PHRASE = 4  # words
SHORTEST = 3  # letters of a Latin word that may be joined with others without a space
_RADIUS = rf"[rd]?(\d+(?:[.,]\d+)?|[.,]\d+)(?:{UNIT_PATTERN})?"


class Words(Section):
    """The words of one language.

    Attributes:
        total: words for the number of things.
        counted: words for what is counted; alone they name the total, too.
        mean: words for the mean of a position.
        sigma: words for its standard deviation.
        variance: words for its variance.
        fillers: words without a meaning of their own.
        ring: words before the radii of a ring.
        start: words before the first of two radii, such as "from".
        to: words between two radii.
        below: words before a single radius, of what lies within it.
        above: the same, of what lies beyond it.
        below_after: words after a single radius, of what lies within it.
        above_after: the same, of what lies beyond it.
        maximum: whole names of the greatest value; these and the following stay fields of their own.
        minimum: of the least value.
        span: of the difference of both.
        median: of the median.
        upper_limit: of the upper specification limit.
        lower_limit: of the lower specification limit.
        control_limit: of a limit of a control chart, or of its centre line.
        target: of the nominal value.
        cp: of the process capability.
        cpk: of the process capability with regard to the mean.
        pp: of the process performance.
        ppk: of the process performance with regard to the mean.
        yield_rate: of the share of passed parts.
        bin: of a class of sorted parts, before its number.
        accuracy: of a registration accuracy.
        mean_plus_3_sigma: of the mean and three standard deviations together.
    """

    total: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    mean: tuple[str, ...] = ()
    sigma: tuple[str, ...] = ()
    variance: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    ring: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below_after: tuple[str, ...] = ()
    above_after: tuple[str, ...] = ()
    maximum: tuple[str, ...] = ()
    minimum: tuple[str, ...] = ()
    span: tuple[str, ...] = ()
    median: tuple[str, ...] = ()
    upper_limit: tuple[str, ...] = ()
    lower_limit: tuple[str, ...] = ()
    control_limit: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    cp: tuple[str, ...] = ()
    cpk: tuple[str, ...] = ()
    pp: tuple[str, ...] = ()
    ppk: tuple[str, ...] = ()
    yield_rate: tuple[str, ...] = ()
    bin: tuple[str, ...] = ()
    accuracy: tuple[str, ...] = ()
    mean_plus_3_sigma: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """All known words.

    Attributes:
        roles: the meaning of each word or phrase.
        before_ring: matches words before the radii of a ring, or at the end of its name.
        between: matches words between two radii.
        interval: matches a name without spaces that gives two radii.
        inside: matches one that gives the radius within which things are counted.
        outside: matches one that gives the radius beyond which things are counted.
        kinds: the meanings of names that stay fields of their own.
    """

    roles: dict[str, Role]
    before_ring: re.Pattern[str]
    between: re.Pattern[str]
    interval: re.Pattern[str]
    inside: re.Pattern[str]
    outside: re.Pattern[str]
    kinds: dict[str, Kind]

    @classmethod
    def of(cls, languages: Sequence[Words]) -> "Vocabulary":
        """The vocabulary of several languages together.

        Raises:
            ValueError: a word has two meanings.
        """
        roles: dict[str, Role] = {"x": "x", "dx": "x", "δx": "x", "y": "y", "dy": "y", "δy": "y"}
        _collect(roles, languages, ROLES)
        kinds: dict[str, Kind] = {}
        _collect(kinds, languages, KINDS)

        def listed(name: str) -> list[str]:
            return sorted({spaced(w) for words in languages for w in getattr(words, name)}, key=len, reverse=True)

        def joined(name: str) -> str:
            return "|".join(re.escape(word.replace(" ", "")) for word in listed(name))

        alone = "|".join(re.escape(w) for w in [*listed("ring"), *listed("counted")] if w.isascii())
        others = "|".join(re.escape(w) for w in [*listed("ring"), *listed("counted")] if not w.isascii())
        to = "|".join(re.escape(word) for word in listed("to") if word.isascii())
        to_others = "|".join(re.escape(word) for word in listed("to") if not word.isascii())
        return cls(
            roles=roles,
            kinds=kinds,
            before_ring=re.compile(rf"(?<![a-z])(?:(?:{alone})(?![a-z\d])|r(?= *\d))[ :.]*|(?:{others})[ :.]*"),
            between=re.compile(rf"(?<=\d)( *(?:{UNIT_PATTERN})?)(?: +(?:{to}) +| *(?:{to_others}) *)(?=[rd]?[\d.,])"),
            interval=re.compile(
                rf"(?:{joined('start')})?[(\[]?{_RADIUS}"
                rf"(?:-|~|\.\.+|…|[,;:]|(?:<|<=|≤)[rd](?:<|<=|≤)){_RADIUS}[)\]]?"
            ),
            inside=re.compile(rf"[rd]?(?:<=?|≤|=<|{joined('below')}){_RADIUS}|{_RADIUS}(?:{joined('below_after')})"),
            outside=re.compile(
                rf"[rd]?(?:>=?|≥|=>|{joined('above')}){_RADIUS}"
                rf"|{_RADIUS}(?:\+|(?:-|~|\.\.+)(?:inf|∞|max)|{joined('above_after')})"
            ),
        )

    def meanings(self, text: str) -> list[Role] | None:
        """The roles of all words of the plain `text` (see `spaced`); None if one is unknown."""
        words = text.split()
        found: list[Role] = []
        i = 0
        while i < len(words):
            for length in range(min(LONGEST_PHRASE, len(words) - i), 0, -1):
                if role := self.roles.get(" ".join(words[i : i + length])):
                    found.append(role)
                    i += length
                    break
            else:
                parts = self._divide(words[i])
                if parts is None:
                    return None
                found += parts
                i += 1
        return found

    def _divide(self, word: str) -> list[Role] | None:
        """The roles of the words that are joined in `word`, the longest first; None if something is left."""
        for statistic, axis in ((word[:-1], word[-1:]), (word[1:], word[:1])):
            if axis in ("x", "y") and (role := self.roles.get(statistic)) in STATISTICS and role:
                return [role, self.roles[axis]]
        if not word:
            return []
        for length in range(len(word), 0, -1):
            piece = word[:length]
            role = self.roles.get(piece)
            if role and (length >= SHORTEST or not piece.isascii() or role in ("x", "y")):
                rest = self._divide(word[length:])
                if rest is not None:
                    return [role, *rest]
        return None


_Meaning = TypeVar("_Meaning", bound=str)


def _collect(meanings: dict[str, _Meaning], languages: Sequence[Words], keys: Sequence[_Meaning]) -> None:
    """Add the words under `keys` to `meanings`; a word with two meanings is a ValueError."""
    for words in languages:
        for key in keys:
            for word in map(spaced, getattr(words, key)):
                if meanings.setdefault(word, key) != key:
                    raise ValueError(f"{word!r} is listed under {meanings[word]} and under {key}")


def spaced(text: str) -> str:
    """`text` in lower case, without accents of Latin letters, its words separated by single spaces."""
    return " ".join(re.findall(r"[^\W_]+", unaccented(tidy(text).lower())))


def unaccented(text: str) -> str:
    """`text` without the accents of Latin letters."""
    return "".join(_base(character) for character in text)


@cache
def _base(character: str) -> str:
    first = unicodedata.normalize("NFD", character)[0]
    return first if first.isascii() else character


def load_words(path: Path) -> Words:
    """The words in the YAML file `path`.

    Raises:
        TriptychError: the file cannot be read, or has unknown keys or other values than lists of words.
    """
    try:
        return Words.model_validate(parse_yaml(path.read_text(encoding="utf-8")) or {})
    except ValidationError as error:
        first = error.errors()[0]
        keys = ", ".join(Words.model_fields)
        raise TriptychError(
            f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}; each of the keys {keys} has a list of words"
        ) from None
    except (OSError, ValueError) as error:
        raise TriptychError(f"{path}: cannot be read ({' '.join(str(error).split())})") from None


def load_all_words(paths: Sequence[Path]) -> tuple[Words, ...]:
    """The words in each of the YAML files `paths` (see `load_words`)."""
    return tuple(load_words(path) for path in paths)


def make_vocabulary(further: Sequence[Words], paths: Sequence[Path] = ()) -> Vocabulary:
    """The words of all languages that come with Triptych, and `further` ones, which were read from the files `paths`.

    Raises:
        TriptychError: one of the further words has another meaning already.
    """
    if not further:
        return built_in()
    try:
        return Vocabulary.of([*_bundled(), *further])
    except ValueError as error:
        names = ", ".join(map(str, paths)) or "reading.words"
        raise TriptychError(f"{names}: {error}; a word can have only one meaning") from None


def open_vocabulary(paths: Sequence[Path] = ()) -> Vocabulary:
    """The words that come with Triptych, and those of the YAML files `paths`.

    Raises:
        TriptychError: a file is not valid, or one of its words has another meaning already.
    """
    return make_vocabulary(load_all_words(paths), paths)


@cache
def built_in() -> Vocabulary:
    """The words that come with Triptych."""
    return Vocabulary.of(_bundled())


def _bundled() -> list[Words]:
    folder = Path(str(files("triptych.reading") / "words"))
    return [load_words(path) for path in sorted(folder.glob("*.yaml"))]
