"""The page of `triptych watch`: the evidence by record, and the drift of each quantity."""

from triptych.monitoring.drift import Drift
from triptych.monitoring.stream import DIRECTION, MISSING
from triptych.monitoring.watch import Watched
from triptych.records.fields import MOMENTS
from triptych.report.charts import FRAME
from triptych.report.formatting import count, reading_name
from triptych.report.html import package_text, template_environment
from triptych.report.xy_chart import XYChart, draw_xy

HEADINGS = ("quantity", "training median", "new median", "shift of the mean", "in sigmas", "p")
MOST_POINTS = 400  # points of the curve of the evidence; of more records, every k-th is drawn


def summary(found: Watched) -> str:
    """The result in one or two sentences."""
    records = count(len(found.ids), "new record")
    if found.alarm is None:
        peak = float(found.evidence.max())
        return (
            f"No evidence of a change in {records}: the promise holds as far as they show. The evidence (log10) "
            f"reached {max(0.0, peak):.2f}; the alarm is at {found.threshold:.2f}."
        )
    strongest = max(found.by_quantity, key=lambda name: found.by_quantity[name])
    return (
        f"Alarm at new record {found.alarm + 1} of {len(found.ids)}, {found.ids[found.alarm]}: the records have "
        f"changed, and the promise no longer holds. The clearest change is in {quantity_name(strongest)}."
    )


def quantity_name(name: str) -> str:
    """The name of a quantity for readers."""
    if name.startswith(MISSING):
        return f"share of records without {reading_name(name.removeprefix(MISSING))}"
    return name if name.startswith(DIRECTION) else reading_name(name)


def drift_cells(drift: Drift) -> list[str]:
    """The cells of one row, under HEADINGS; lengths in um where the meaning is known."""
    unit = " um" if drift.name in MOMENTS else ""
    sigmas = "" if drift.sigmas is None else f"{drift.sigmas:+.2f}"
    return [
        quantity_name(drift.name),
        f"{drift.before:.4g}{unit}",
        f"{drift.after:.4g}{unit}",
        f"{drift.shift:+.3g}{unit} ({drift.low:+.3g} to {drift.high:+.3g})",
        sigmas,
        f"{drift.p_value:.2g}",
    ]


def evidence_chart(found: Watched) -> XYChart:
    """The evidence by record; below 0 it is drawn as 0."""
    step = max(1, len(found.ids) // MOST_POINTS)
    line = [(float(i + 1), max(0.0, float(v))) for i, v in enumerate(found.evidence) if i % step == 0]
    alarm = [(0.0, found.threshold), (float(len(found.ids)), found.threshold)]
    lines = {"evidence, log10 of the martingale": line, "alarm": alarm}
    return draw_xy("Evidence of a change", ("new records", "log10"), lines, summary(found))


def watch_page(found: Watched, title: str) -> str:
    """The page as HTML."""
    return (
        template_environment("triptych.monitoring")
        .get_template("watch.html.j2")
        .render(
            title=title,
            summary=summary(found),
            alarm=found.alarm is not None,
            chart=evidence_chart(found),
            headings=[name.capitalize() for name in HEADINGS],
            rows=[(drift_cells(drift), drift in found.drifted) for drift in found.drift],
            level=f"{100 * found.config.level:g}%",
            drift_level=f"{100 * found.config.drift_level:g}%",
            frame=FRAME,
            style=package_text("triptych.report", "report.css"),
        )
    )
