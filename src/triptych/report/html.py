"""Renders the page from templates and a style sheet into one file.

The file has no external references. Text from records (their names, printed words, model answers) is not trusted: it is
always escaped, and the page's content security policy forbids scripts and loading of resources.
"""

import re
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from triptych.files import unwritable, write_atomically
from triptych.paths import StrPath, as_path
from triptych.report import formatting
from triptych.report.cell_records import cell_records
from triptych.report.charts import FRAME, draw_charts
from triptych.report.classes import called_rows, class_rows
from triptych.report.confusion_matrix import confusion_rows
from triptych.report.data import ReportData
from triptych.report.gallery import doubtful_gallery, failures, wrong_gallery
from triptych.report.headlines import headlines, summary


def write_report(path: StrPath, data: ReportData) -> None:
    """Write the report of `data` to the file `path`, creating its folder.

    Raises:
        TriptychError: the file cannot be written.
    """
    write_page(path, render(data), "the report")


def write_page(path: StrPath, html: str, what: str) -> None:
    """Write the page `html` to the file `path`, creating its folder; `what` names it in messages.

    Raises:
        TriptychError: the file cannot be written.
    """
    path = as_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error, what) from None
    write_atomically(path, html.encode("utf-8", errors="replace"))  # names of records are already printable


def template_environment(package: str) -> Environment:
    """The environment of the page templates of `package`: values are escaped, and unknown names are errors.

    The templates of this package, such as charts, can be used in them.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("triptych.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def package_text(package: str, name: str) -> Markup:
    """The text of `package`'s own file `templates/name`, such as a style sheet, which is not escaped."""
    text = files(package).joinpath("templates", name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - the package's own file


def render(data: ReportData) -> str:
    """The report of `data` as HTML."""
    environment = template_environment("triptych.report")
    environment.filters |= {"percent": formatting.percent, "share": formatting.share, "code_spans": code_spans}
    environment.globals |= {"count": formatting.count, "frame": FRAME}
    wrong, doubtful = wrong_gallery(data), doubtful_gallery(data)
    return environment.get_template("report.html.j2").render(
        data=data,
        style=package_text("triptych.report", "report.css"),
        summary=summary(data),
        headlines=headlines(data),
        class_rows=class_rows(data.scores) if data.scores else [],
        called_rows=called_rows(data),
        confusion=confusion_rows(data.scores) if data.scores else [],
        charts=draw_charts(data.curves),
        anchors={card.record.id: card.anchor for card in (*wrong.cards, *doubtful.cards)},
        cells=cell_records(data, [*wrong.cards, *doubtful.cards]),
        wrong=wrong,
        doubtful=doubtful,
        failures=failures(data),
    )


def code_spans(text: str) -> Markup:
    """`text` as HTML, with text between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first
