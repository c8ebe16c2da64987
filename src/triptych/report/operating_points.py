"""The page of the operating points of a model."""

from triptych.decision.calibration import calibration_of
from triptych.decision.operating_point import WORDS, percent
from triptych.decision.outcomes import Outcomes
from triptych.model.model import Model
from triptych.report.charts import FRAME
from triptych.report.html import package_text, template_environment
from triptych.report.operating_charts import HEADINGS, Points, promise_chart, reliability_chart, row_cells, share_of


def operating_page(model: Model, points: Points, outcomes: Outcomes, title: str) -> str:
    """The page of the operating points of `model`, whose own point has these `outcomes`."""
    template = template_environment("triptych.report").get_template("operating_points.html.j2")
    quality = calibration_of(points.evidence.probabilities, points.evidence.labels)
    return template.render(
        title=title,
        point=model.point,
        outcomes=outcomes,
        confidence=percent(model.config.decision.confidence),
        tables={side: [row_cells(side, row) for row in rows] for side, rows in points.rows.items()},
        released={side: WORDS[side][1] for side in points.rows},
        records={side: (len(points.evidence.scores(side)), WORDS[side][0]) for side in points.rows},
        headings=[name.capitalize() for name in HEADINGS],
        charts=[promise_chart(points), reliability_chart(quality, "Reliability, out of fold")],
        quality=quality,
        frame=FRAME,
        share_of=share_of,
        style=package_text("triptych.report", "report.css"),
    )
