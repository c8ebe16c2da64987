"""The default VLM provider, `measured`: digitises the plot, measures it, and describes it in words.

It has no weights and is not a vision-language model; reports and model cards state this. Its sentences use graded words
instead of numbers, and never name a class.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from triptych.answers.prompt_facts import direction
from triptych.answers.provider import Question, Reply
from triptych.reading import PlotMeasures

Grades = Sequence[tuple[float, str]]

OFFSET: Grades = ((0.06, "centred on the target"), (0.12, "slightly shifted"), (0.25, "shifted"), (9, "far shifted"))
SPREAD: Grades = ((0.085, "very tight"), (0.115, "tight"), (0.145, "somewhat spread out"), (9, "widely spread out"))
STRETCH: Grades = ((1.12, "round"), (1.3, "slightly elongated"), (1.6, "elongated"), (99, "very elongated"))
BRIGHTNESS: Grades = ((60, "dark"), (110, "rather dark"), (160, "of medium brightness"), (999, "bright"))
CONTRAST: Grades = ((25, "little"), (55, "some"), (999, "strong"))
TEXTURE: Grades = ((8, "smooth"), (20, "moderately detailed"), (999, "full of detail"))


@dataclass(frozen=True)
class Trait:
    """One property in a description.

    Attributes:
        name: of the property, such as `offset` or `spread`.
        phrase: its wording; empty where it does not apply, such as the direction of the shift of centred dots.
        values: the measured values that determine the wording.
    """

    name: str
    phrase: str
    values: tuple[float, ...]


class Measured:
    """Describes a dot plot by its measures, and any other picture by its colours."""

    id = "measured-1"
    uses = frozenset({"plot"})
    batch_size = 1

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The descriptions of the questions' pictures."""
        return enumerate(Reply(_describe(question)) for question in questions)


def _describe(question: Question) -> str:
    if question.image is None and question.plot is None:
        return "There is no picture."
    return sentences(traits(question.image, question.plot))


def traits(image: Image.Image | None, plot: PlotMeasures | None) -> tuple[Trait, ...]:
    """The traits of a picture: those of its plot, or of its colours if it has no plot."""
    if plot is not None:
        return _plot_traits(plot)
    assert image is not None
    return _picture_traits(image)


def sentences(said: Sequence[Trait]) -> str:
    """The description made of traits."""
    words = {trait.name: trait.phrase for trait in said}
    if "offset" in words:
        return (
            f"The dots are {_joined(words['offset'], words['direction'])}. They are {words['spread']}. "
            f"The cloud is {_joined(words['outline'], words['axis'])}. {words['profile']}"
        )
    return (
        f"The picture is {words['brightness']} with {words['contrast']} contrast, mostly {words['tint']}, and "
        f"{words['texture']}. It is brightest at the {words['brightest']}. It holds no dot plot."
    )


def _joined(*phrases: str) -> str:
    return " ".join(filter(None, phrases))


def _plot_traits(plot: PlotMeasures) -> tuple[Trait, ...]:
    """Position, spread, outline and tails of the dots."""
    x, y = plot.centroid_x, plot.centroid_y
    offset, spread = math.hypot(x, y), math.sqrt(plot.sigma_major * plot.sigma_minor)
    turn = math.radians(2 * plot.angle)
    return (
        Trait("offset", grade(offset, OFFSET), (offset,)),
        Trait("direction", direction(x, y) if offset > OFFSET[0][0] else "", (x, y)),
        Trait("spread", grade(spread, SPREAD), (math.log(max(spread, 1e-3)),)),
        Trait("outline", grade(plot.anisotropy, STRETCH), (math.log(plot.anisotropy),)),
        Trait(
            "axis",
            _axis(plot.angle) if plot.anisotropy > STRETCH[0][0] else "",
            (math.log(plot.anisotropy) * math.cos(turn), math.log(plot.anisotropy) * math.sin(turn)),
        ),
        Trait("profile", _profile(plot), (plot.kurtosis_r, _wings(plot.marginal_x), _wings(plot.marginal_y))),
    )


def _picture_traits(image: Image.Image) -> tuple[Trait, ...]:
    """Brightness, contrast, colour and texture of a picture without a plot."""
    pixels = np.asarray(image.convert("RGB").resize((64, 64)), dtype=np.float32)
    gray, channels = pixels.mean(axis=2), pixels.mean(axis=(0, 1))
    brightness, contrast = float(gray.mean()), float(gray.std())
    edges = float(np.abs(np.diff(gray, axis=1)).mean() + np.abs(np.diff(gray, axis=0)).mean())
    half = gray.reshape(2, 32, 2, 32).mean(axis=(1, 3))
    row, column = np.unravel_index(int(half.argmax()), half.shape)
    tint = ("red", "green", "blue")[int(channels.argmax())] if float(np.ptp(channels)) > 12 else "grey"
    return (
        Trait("brightness", grade(brightness, BRIGHTNESS), (brightness / 255,)),
        Trait("contrast", grade(contrast, CONTRAST), (contrast / 255,)),
        Trait("tint", tint, tuple((channels / 255).tolist())),
        Trait("texture", grade(edges, TEXTURE), (edges / 255,)),
        Trait(
            "brightest", f"{('upper', 'lower')[row]} {('left', 'right')[column]}", tuple((half / 255).ravel().tolist())
        ),
    )


def grade(value: float, grades: Grades) -> str:
    """The word of the first grade whose bound `value` does not exceed; the last if it exceeds all."""
    return next((word for bound, word in grades if value <= bound), grades[-1][1])


def _axis(angle: float) -> str:
    """The direction of the cloud's longest axis, `angle` in degrees from the x axis."""
    steps = (
        "along the horizontal axis",
        "along the rising diagonal",
        "along the vertical axis",
        "along the falling diagonal",
    )
    return steps[round(angle / 45) % 4]


def _profile(plot: PlotMeasures) -> str:
    """The distribution of the dots over centre, flanks and tails."""
    flat, wings = plot.kurtosis_r, max(_wings(plot.marginal_x), _wings(plot.marginal_y))
    if wings > 1.15:
        return "It has a dense core with wings at both sides, like a candy."
    if flat > 2.35:
        return "A dense middle thins out into long tails, with stray dots far out."
    if flat < 1.85:
        return "It ends sharply, with few stray dots."
    return "It is densest in the middle and thins out evenly."


def _wings(bands: Sequence[float]) -> float:
    """The share of dots at 1.5 to 2 sigmas from the mean, relative to a normal distribution."""
    return (bands[1] + bands[-2]) / (2 * 0.0441)
