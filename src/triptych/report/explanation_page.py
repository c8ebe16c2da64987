"""The page of `triptych explain`: the decision on each record, and the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from triptych.errors import RecordError
from triptych.explain.expert_maps import EXACT
from triptych.explain.explained import Explained
from triptych.explain.explanation import Neighbour
from triptych.explain.heat_map import HeatMap
from triptych.explain.moved_readings import MovedReading
from triptych.explain.overlay import covers, over_picture, over_view
from triptych.explain.training_pictures import TrainingPictures
from triptych.records import Decoder, Record
from triptych.records.open_image import MIN_SIDE
from triptych.report.html import package_text, template_environment
from triptych.report.pictures import MAX_HEIGHT, MAX_WIDTH, data_uri

BAR, SHOWN = 200, 6  # width of the bar of a reading, in px; readings that are shown
THUMBNAIL = 120  # px, longer side of the picture of a training record


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


@dataclass(frozen=True)
class Pictures:
    """The pictures of one record on the page.

    Attributes:
        whole: the record's picture, as a `data:` URI.
        maps: the heat maps.
    """

    whole: str
    maps: list[MapFigure]

    @classmethod
    def of(cls, record: Explained, decoder: Decoder) -> "Pictures":
        """The pictures of `record`, which is decoded once."""
        picture = Record(record.id, record.image).load_image(decoder)
        shown = reduced(picture, MAX_WIDTH, MAX_HEIGHT)
        scale = shown.width / picture.width
        maps = []
        for heat in record.maps:
            placed = over_picture(shown, heat, scale)
            seen = "" if covers(heat, *picture.size) else data_uri(record.id, over_view(heat))
            maps.append(MapFigure(data_uri(record.id, placed), seen, _caption(record, heat)))
        return cls(data_uri(record.id, shown), maps)


def reduced(picture: Image.Image, width: int, height: int) -> Image.Image:
    """A copy of a picture that fits into this size, unless one of its sides would be shorter than a record's may be."""
    fitting = min(width / picture.width, height / picture.height, 1)
    scale = max(fitting, MIN_SIDE / min(picture.size))
    size = (round(scale * picture.width), round(scale * picture.height))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _caption(record: Explained, heat: HeatMap) -> str:
    explanation = record.explanation
    weight = next(one.weight for one in explanation.experts if one.name == heat.expert)
    against = f" against {explanation.other}" if heat.method == EXACT else ""
    nothing = "; nothing that it sees supports this class" if heat.empty else ""
    return f"{heat.expert} (weight {weight:.2f}): {heat.method} for {heat.predicted}{against}{nothing}"


@dataclass(frozen=True)
class Thumbnails:
    """Small copies of the pictures of training records, each made once.

    Attributes:
        pictures: where the pictures lie.
        decoder: decodes them.
        made: the `data:` URIs by digest; empty for a picture that is not there, has changed or cannot be decoded.
    """

    pictures: TrainingPictures
    decoder: Decoder
    made: dict[str, str] = field(default_factory=dict, repr=False)

    def of(self, near: Neighbour) -> str:
        """The picture of a training record; empty if there is none."""
        if near.digest not in self.made:
            self.made[near.digest] = self._make(near)
        return self.made[near.digest]

    def _make(self, near: Neighbour) -> str:
        path = self.pictures.find(near.id, near.digest)
        try:
            picture = None if path is None else Record(near.id, path).load_image(self.decoder)
        except RecordError:
            return ""
        return "" if picture is None else data_uri(near.id, reduced(picture, THUMBNAIL, THUMBNAIL))


def explanation_page(
    records: Sequence[Explained], title: str, decoder: Decoder, pictures: TrainingPictures | None = None
) -> str:
    """The page of explained records as HTML.

    Args:
        records: the records.
        title: the heading.
        decoder: decodes the pictures.
        pictures: where the pictures of the nearest training records lie; None shows none.
    """
    thumbnails = Thumbnails(pictures or TrainingPictures(), decoder)
    template = template_environment("triptych.report").get_template("explanation.html.j2")
    return template.render(
        title=title,
        records=[
            {
                "record": record,
                "pictures": Pictures.of(record, decoder),
                "neighbours": [(near, thumbnails.of(near)) for near in record.explanation.neighbours],
                "bars": [(m.in_words(record.explanation.other), bar_of(m)) for m in record.explanation.moved[:SHOWN]],
            }
            for record in records
        ],
        bar=BAR,
        style=package_text("triptych.report", "report.css"),
    )
