"""The page of `triptych explain`: the decision on each record, and the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from triptych.explain.explained import Explained
from triptych.explain.gradcam import HeatMap
from triptych.explain.moved_readings import MovedReading
from triptych.records import Decoder
from triptych.report.html import package_text, template_environment
from triptych.report.pictures import data_uri

BAR, SHOWN = 200, 6  # width of the bar of a reading, in px; readings that are shown


@dataclass(frozen=True)
class Bar:
    """The usual range of a reading and its value, in px from the left of a bar of width BAR."""

    low: float
    high: float
    at: float


def bar_of(moved: MovedReading) -> Bar:
    """The bar of a reading, which reaches over its usual range and its value."""
    left, right = min(moved.low, moved.value), max(moved.high, moved.value)
    scale = (BAR - 20) / max(right - left, 1e-12)

    def place(value: float) -> float:
        return round(10 + (value - left) * scale, 1)

    return Bar(place(moved.low), place(moved.high), place(moved.value))


def overlaid(heat: HeatMap) -> Image.Image:
    """The view of the network with the heat map over it, in red."""
    view = heat.view.convert("RGB")
    grey = Image.fromarray((255 * np.clip(heat.values, 0, 1)).astype(np.uint8))
    values = grey.resize(view.size, Image.Resampling.BILINEAR)
    red = Image.new("RGB", view.size, (214, 40, 40))
    return Image.composite(red, view, values.point(lambda v: int(0.6 * v)))


def explanation_page(records: Sequence[Explained], title: str, decoder: Decoder) -> str:
    """The page of explained records as HTML."""
    template = template_environment("triptych.report").get_template("explanation.html.j2")
    return template.render(
        title=title,
        records=[
            {
                "record": record,
                "picture": data_uri(record.id, record.image, decoder),
                "heat": data_uri(record.id, overlaid(record.heat)) if record.heat else "",
                "bars": [(m.in_words(record.explanation.other), bar_of(m)) for m in record.explanation.moved[:SHOWN]],
            }
            for record in records
        ],
        bar=BAR,
        style=package_text("triptych.report", "report.css"),
    )
