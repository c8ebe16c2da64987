"""The report's section on alignment: the panels of some training records by t-SNE, before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from triptych.experts.panels import FittedPanels
from triptych.explain.plane import in_plane
from triptych.model.model import Model
from triptych.network.alignment_views import AlignmentViews, View
from triptych.report.xy_chart import XYChart, draw_xy

NAMES = {"image": "image", "vlm": "description (VLM)", "llm": "reasoning (LLM)"}


@dataclass(frozen=True)
class AlignmentSection:
    """The section: its charts, the number of records, and the mean cosine similarity of their images and texts."""

    charts: Sequence[XYChart]
    records: int
    before: float
    after: float


def alignment_section(model: Model) -> AlignmentSection | None:
    """The alignment of the first fold's network, like the training curves.

    None if the expert `panels` has no part in the model, if nothing was aligned, or if an older version trained it.
    """
    member = next((member for _, member in model.ensemble.members("panels")), None)
    if not isinstance(member, FittedPanels) or member.views is None:
        return None
    views, seed = member.views, model.config.seed
    before, after = (float(view.similarity.mean()) for view in (views.before, views.after))
    return AlignmentSection(
        charts=[
            _chart("Before alignment", views, views.before, before, seed),
            _chart("After alignment", views, views.after, after, seed),
        ],
        records=len(views.after.similarity),
        before=before,
        after=after,
    )


def _chart(title: str, views: AlignmentViews, view: View, similarity: float, seed: int) -> XYChart:
    """The panels of all records as points in one plane."""
    m, panels, _ = view.vectors.shape
    flat = view.vectors.flatten(0, 1).double().numpy()
    places = in_plane(flat, seed).reshape(m, panels, 2)
    places = places - places.min(axis=(0, 1))
    points = {NAMES[name]: [(float(x), float(y)) for x, y in places[:, i]] for i, name in enumerate(views.panels)}
    words = f"{title}: {', '.join(points)} of {m} records as points; mean similarity {similarity:.2f}."
    return draw_xy(title, ("", ""), points, words, scattered=True)
