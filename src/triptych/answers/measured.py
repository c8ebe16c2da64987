"""The default VLM provider, `measured`: digitises the plot, measures it, and says in words what it shows.

It has no weights and is not a vision-language model; reports and model cards say so. Its sentences keep to graded
words, as a description would, and never name a class.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from triptych.answers.facts import direction
from triptych.answers.provider import Question, Reply
from triptych.reading import PlotMeasures

Grades = Sequence[tuple[float, str]]

OFFSET: Grades = ((0.06, "centred on the target"), (0.12, "slightly shifted"), (0.25, "shifted"), (9, "far shifted"))
SPREAD: Grades = ((0.085, "very tight"), (0.115, "tight"), (0.145, "somewhat spread out"), (9, "widely spread out"))
STRETCH: Grades = ((1.12, "round"), (1.3, "slightly elongated"), (1.6, "elongated"), (99, "very elongated"))


class Measured:
    """Describes a dot plot by its measures, and any other picture by its colours."""

    id = "measured-1"
    batch_size = 1

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The descriptions of the questions' pictures."""
        return enumerate(Reply(_describe(question)) for question in questions)


def _describe(question: Question) -> str:
    if question.plot is not None:
        return describe_plot(question.plot)
    if question.image is not None:
        return describe_picture(question.image)
    return "There is no picture."


def describe_plot(plot: PlotMeasures) -> str:
    """Position, spread, outline and tails of the dots, in four sentences."""
    offset = math.hypot(plot.centroid_x, plot.centroid_y)
    where = grade(offset, OFFSET)
    if offset > OFFSET[0][0]:
        where += f" {direction(plot.centroid_x, plot.centroid_y)}"
    outline = grade(plot.anisotropy, STRETCH)
    if plot.anisotropy > STRETCH[0][0]:
        outline += f" {_axis(plot.angle)}"
    spread = grade(math.sqrt(plot.sigma_major * plot.sigma_minor), SPREAD)
    return f"The dots are {where}. They are {spread}. The cloud is {outline}. {_profile(plot)}"


def describe_picture(image: Image.Image) -> str:
    """Brightness, contrast, colour and fineness of a picture without a plot."""
    pixels = np.asarray(image.resize((64, 64)), dtype=np.float32)
    gray = pixels.mean(axis=2)
    brightness = grade(
        float(gray.mean()), ((60, "dark"), (110, "rather dark"), (160, "of medium brightness"), (999, "bright"))
    )
    contrast = grade(float(gray.std()), ((25, "little"), (55, "some"), (999, "strong")))
    channels = pixels.mean(axis=(0, 1))
    tint = ("red", "green", "blue")[int(channels.argmax())] if float(np.ptp(channels)) > 12 else "grey"
    edges = float(np.abs(np.diff(gray, axis=1)).mean() + np.abs(np.diff(gray, axis=0)).mean())
    texture = grade(edges, ((8, "smooth"), (20, "moderately detailed"), (999, "full of detail")))
    half = gray.reshape(2, 32, 2, 32).mean(axis=(1, 3))
    row, column = np.unravel_index(int(half.argmax()), half.shape)
    brightest = f"{('upper', 'lower')[row]} {('left', 'right')[column]}"
    return (
        f"The picture is {brightness} with {contrast} contrast, mostly {tint}, and {texture}. "
        f"It is brightest at the {brightest}. It holds no dot plot."
    )


def grade(value: float, grades: Grades) -> str:
    """The word of the first grade whose bound is not exceeded; the last where all are."""
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
    """How the dots are spread between middle, flanks and tails."""
    flat, wings = plot.kurtosis_r, max(_wings(plot.marginal_x), _wings(plot.marginal_y))
    if wings > 1.15:
        return "It has a dense core with wings at both sides, like a candy."
    if flat > 2.35:
        return "A dense middle thins out into long tails, with stray dots far out."
    if flat < 1.85:
        return "It ends sharply, with few stray dots."
    return "It is densest in the middle and thins out evenly."


def _wings(bands: Sequence[float]) -> float:
    """Dots at 1.5 to 2 sigmas from the mean, as a multiple of what a normal distribution has there."""
    return (bands[1] + bands[-2]) / (2 * 0.0441)
