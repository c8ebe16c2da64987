"""Reads print with a classifier of the characters that the same machine printed before.

One machine prints the same characters in every record. A linear discriminant that is trained on a few dozen pictures of
each digit, from values that were verified, is then a faster recogniser than general OCR, and errs less often on single
digits. A line is only read if every character is sure; any other is left to OCR. A piece of ink that is as wide as
several digits is cut where it has the least ink.
"""

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box
from triptych.reading.ink import line_pieces

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]

DIGITS = "0123456789"
SIDE, CELLS = 24, 12  # px and cells along each side of the square in which characters are compared
LINE_HEIGHT = 15.0  # px of the highest character of a line in that square
MARGIN = 2  # px around a piece of ink that hold its soft edges
SPACE = 0.45  # heights of the highest character; a wider gap is a space
SHAPE = 3  # features beside the picture: width, height and position, in heights of the highest character
SHAPE_TOLERANCE = 0.16  # heights by which these may differ from the mean of a character
TOUCHING = 1.05  # heights; a wider piece of ink may be several digits
DIGIT_WIDTH, DIGIT_HEIGHT = 0.5, 0.85  # heights of the highest character; mean width and least height of what is cut
VALLEY = 0.7  # greatest contrast, as a share of the piece's, of a column between two digits
INK_SHARE = 0.25  # of the greatest contrast of a piece; what has more is ink
LEAST_EXAMPLES, MAX_EXAMPLES = 15, 40  # of each digit, to be read and to be stored
LEVELS = 100  # stored steps of a feature between 0 and 1
FEW = 3  # examples of another character, below which it is not read
RETRAINED = 1.5  # growth of the number of examples after which the classifier is trained again
SURE = 0.99  # least probability of a character
FAR = 2.0  # greatest distance from the mean picture of a character, in that of its outer examples
OUTER = 90  # percentile of the distances of the examples


@dataclass(frozen=True)
class Line:
    """The pieces of ink of one line of print.

    Attributes:
        features: [n, CELLS * CELLS + SHAPE]: the centred picture, of mean 0 and length 1; width, height, and distance
            of the lower edge from that of the highest piece.
        spaces: whether there is a space before each piece, [n].
    """

    features: Floats
    spaces: tuple[bool, ...]


@dataclass(frozen=True)
class Classifier:
    """A linear discriminant of characters.

    Attributes:
        characters: the classes.
        weights: [classes, features].
        intercepts: [classes].
        means: of the examples, [classes, features].
        radii: distance of the outer examples from the mean, [classes].
        examples: the number of examples that it was trained on.
    """

    characters: str
    weights: Floats
    intercepts: Floats
    means: Floats
    radii: Floats
    examples: int

    def read(self, line: Line) -> str | None:
        """The text of `line`; None if one of its characters is not sure."""
        scores = line.features @ self.weights.T + self.intercepts
        best = scores.argmax(axis=1)
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        difference = line.features - self.means[best]
        far = np.linalg.norm(difference, axis=1) > FAR * self.radii[best]
        # A sign that touches a digit makes it wider.
        misshapen = np.abs(difference[:, -SHAPE:]).max(axis=1) > SHAPE_TOLERANCE
        if (likely.sum(axis=1) > 1 / SURE).any() or far.any() or misshapen.any():
            return None
        found = (self.characters[index] for index in best)
        return "".join(f" {one}" if space else one for one, space in zip(found, line.spaces, strict=True))


@dataclass(frozen=True)
class Glyphs:
    """Examples of the characters of one machine, and the classifier that was trained on them.

    Attributes:
        characters: the character of each example.
        examples: [n, features], as in `Line`.
        classifier: None until there are enough examples of all digits.
    """

    characters: str = ""
    examples: Floats = field(default_factory=lambda: np.zeros((0, CELLS * CELLS + SHAPE), np.float32), repr=False)
    classifier: Classifier | None = None

    def read(self, line: Line) -> str | None:
        """The text of `line`; None if one of its characters is not sure."""
        return self.classifier.read(line) if self.classifier else None

    def learned(self, line: Line, text: str) -> "Glyphs":
        """With the characters of `line`, whose text is `text`; unchanged if it has another number of pieces."""
        plain = text.replace(" ", "")
        if len(plain) != len(line.features):
            return self
        counts, new = Counter(self.characters), []
        for i, character in enumerate(plain):
            counts[character] += 1
            if counts[character] <= MAX_EXAMPLES:
                new.append(i)
        if not new:
            return self
        characters = self.characters + "".join(plain[i] for i in new)
        stored = _from_levels(_to_levels(line.features[new]))  # so that a loaded classifier is the same
        return Glyphs(characters, np.concatenate([self.examples, stored]), self.classifier)._trained()

    def _trained(self) -> "Glyphs":
        """With a classifier of the examples, if there are enough, and many more than it was trained on."""
        counts = Counter(self.characters)
        if min(counts[digit] for digit in DIGITS) < LEAST_EXAMPLES:
            return self
        if self.classifier and len(self.characters) < RETRAINED * self.classifier.examples:
            return self
        return Glyphs(self.characters, self.examples, _train(self.characters, self.examples))

    def to_json(self) -> dict[str, Any]:
        """The examples as plain data for a JSON file; `from_json` reads it."""
        return {
            "characters": self.characters,
            "examples": base64.b64encode(_to_levels(self.examples).tobytes()).decode(),
            "trained_on": self.classifier.examples if self.classifier else 0,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Glyphs":
        """The examples that `to_json` wrote, with the classifier trained again.

        Raises:
            KeyError, ValueError, TypeError: `data` is something else.
        """
        characters, count = str(data["characters"]), int(data["trained_on"])
        levels = np.frombuffer(base64.b64decode(data["examples"]), dtype=np.int8)
        examples = _from_levels(levels.reshape(len(characters), CELLS * CELLS + SHAPE))
        return cls(characters, examples, _train(characters[:count], examples[:count]) if count else None)


def _to_levels(features: Floats) -> NDArray[np.int8]:
    return np.clip(np.round(features * LEVELS), -127, 127).astype(np.int8)


def _from_levels(levels: NDArray[np.int8]) -> Floats:
    return np.divide(levels, LEVELS, dtype=np.float32)


def _train(characters: str, examples: Floats) -> Classifier:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    counts = Counter(characters)
    used = np.array([counts[character] >= FEW for character in characters])
    labels, pictures = np.array(list(characters))[used], examples[used]
    fitted = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(pictures, labels)
    means = np.stack([pictures[labels == one].mean(axis=0) for one in fitted.classes_])
    distances = [
        np.linalg.norm(pictures[labels == one] - mean, axis=1) for one, mean in zip(fitted.classes_, means, strict=True)
    ]
    radii = [np.percentile(distance, OUTER) for distance in distances]
    weights, intercepts = (np.asarray(part, dtype=np.float32) for part in (fitted.coef_, fitted.intercept_))
    return Classifier(
        "".join(fitted.classes_), weights, intercepts, means, np.array(radii, np.float32), len(characters)
    )


def find_line(gray: Gray, region: Box) -> Line | None:
    """The pieces of ink of the line of print inside `region` of the page `gray` [H, W]; None if there is no print."""
    pieces = line_pieces(gray, region)
    if not pieces:
        return None
    highest = max(pieces, key=lambda box: box.height)
    x0, y0, x1, y1 = (int(v) for v in region.inside(gray.shape))
    ground = float(np.median(gray[y0:y1, x0:x1]))
    boxes = [part for piece in pieces for part in _parted(gray, piece, ground, highest.height)]
    # A picture ends half-way to the neighbouring character.
    edges = [x0, *((earlier.x1 + later.x0) // 2 for earlier, later in pairwise(boxes)), x1]
    features = []
    for box, (left, right) in zip(boxes, pairwise(edges), strict=True):
        around = box.grown(MARGIN, MARGIN).overlap(Box(left, y0, right, y1))
        shape = np.array([box.width, box.height, highest.y1 - box.y1]) / highest.height
        features.append(np.concatenate([_picture(gray, around, ground, highest.height), shape]))
    gaps = (later.x0 - earlier.x1 for earlier, later in pairwise(boxes))
    return Line(np.array(features, dtype=np.float32), (False, *(gap > SPACE * highest.height for gap in gaps)))


def _parted(gray: Gray, piece: Box, ground: float, height: float) -> list[Box]:
    """The boxes of the digits in a wide `piece` of ink, cut where it has the least; `piece` if it is not digits."""
    x0, y0, x1, y1 = (int(v) for v in piece)
    if x1 - x0 <= TOUCHING * height:
        return [piece]
    ink = np.abs(gray[y0:y1, x0:x1].astype(np.float32) - ground)
    inked = ink > INK_SHARE * ink.max()
    depth = ink.max(axis=0) / ink.max()
    lowest = (depth[1:-1] < VALLEY) & (depth[1:-1] <= depth[:-2]) & (depth[1:-1] < depth[2:])
    boxes = []
    for left, right in pairwise([0, *(1 + np.flatnonzero(lowest)).tolist(), x1 - x0]):
        rows, columns = (np.flatnonzero(inked[:, left:right].any(axis=axis)) for axis in (1, 0))
        if len(rows):
            start = x0 + left
            boxes.append(
                Box(start + int(columns[0]), y0 + int(rows[0]), start + int(columns[-1]) + 1, y0 + int(rows[-1]) + 1)
            )
    digits = all(box.height >= DIGIT_HEIGHT * height for box in boxes)
    return boxes if digits and len(boxes) * DIGIT_WIDTH * height <= piece.width else [piece]


def _picture(gray: Gray, around: Box, ground: float, height: float) -> Floats:
    """The ink in `around`, its centre of mass in the middle of a square, [CELLS * CELLS], of mean 0 and length 1."""
    import cv2

    x0, y0, x1, y1 = (int(v) for v in around.inside(gray.shape))
    ink = np.abs(gray[y0:y1, x0:x1].astype(np.float32) - ground)
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    total, scale = max(float(rows.sum()), 1e-6), LINE_HEIGHT / height
    middle = float(columns @ np.arange(len(columns))) / total, float(rows @ np.arange(len(rows))) / total
    shift = [(SIDE - 1) / 2 - scale * place for place in middle]
    move = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], dtype=np.float32)
    large = cv2.warpAffine(ink, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    picture = cv2.resize(large, (CELLS, CELLS), interpolation=cv2.INTER_AREA).ravel()
    centred = picture - picture.mean()
    return np.asarray(centred / max(float(np.linalg.norm(centred)), 1e-6), dtype=np.float32)
