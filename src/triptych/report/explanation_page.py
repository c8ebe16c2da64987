"""The page of `triptych explain`: the decision on each record, and the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from triptych.explain.expert_maps import EXACT
from triptych.explain.explained import Explained
from triptych.explain.heat_map import HeatMap
from triptych.explain.moved_readings import MovedReading
from triptych.explain.overlay import covers, over_picture, over_view
from triptych.records import Decoder, Record
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


@dataclass(frozen=True)
class MapFigure:
    """A heat map on the page.

    Attributes:
        placed: the record's picture with the map in its place, as a `data:` URI.
        seen: what the expert sees with the map over it; empty if this is the whole picture.
        caption: the expert, its weight, and what the map is.
    """

    placed: str
    seen: str
    caption: str


def map_figure(record: Explained, heat: HeatMap, decoder: Decoder) -> MapFigure:
    """The figure of one heat map."""
    picture = Record(record.id, record.image).load_image(decoder)
    seen = "" if covers(heat, picture) else data_uri(record.id, over_view(heat), decoder)
    return MapFigure(data_uri(record.id, over_picture(picture, heat), decoder), seen, _caption(record, heat))


def _caption(record: Explained, heat: HeatMap) -> str:
    explanation = record.explanation
    weight = next(one.weight for one in explanation.experts if one.name == heat.expert)
    against = f" against {explanation.other}" if heat.method == EXACT else ""
    nothing = "; nothing that it sees supports this class" if heat.empty else ""
    return f"{heat.expert} (weight {weight:.2f}): {heat.method} for {heat.predicted}{against}{nothing}"


def explanation_page(records: Sequence[Explained], title: str, decoder: Decoder) -> str:
    """The page of explained records as HTML."""
    template = template_environment("triptych.report").get_template("explanation.html.j2")
    return template.render(
        title=title,
        records=[
            {
                "record": record,
                "picture": data_uri(record.id, record.image, decoder),
                "maps": [map_figure(record, heat, decoder) for heat in record.maps],
                "bars": [(m.in_words(record.explanation.other), bar_of(m)) for m in record.explanation.moved[:SHOWN]],
            }
            for record in records
        ],
        bar=BAR,
        style=package_text("triptych.report", "report.css"),
    )
