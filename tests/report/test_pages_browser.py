"""Every page that Triptych writes, opened from disk in a real browser: by keyboard, in the dark, narrow and printed."""

import json

import pytest

from chromium import CONTRAST, CUT_OFF, errors_of, needs_chromium, open_browser
from triptych import load_config
from triptych.agreement.page import agreement_page
from triptych.agreement.ratings import Ratings
from triptych.agreement.statistics import analyse
from triptych.audit import audit_records
from triptych.audit.page import audit_page
from triptych.audit.report_section import report_section
from triptych.decision.operating_table import outcomes_at
from triptych.evaluation import score
from triptych.evaluation.evaluate import evaluate
from triptych.explain.explained import explain_records
from triptych.monitoring.page import watch_page
from triptych.monitoring.watch import read_stream, watch
from triptych.progress import silent
from triptych.records import Record, RecordSet
from triptych.report import ReportData, ReportRecord
from triptych.report.build import report_data
from triptych.report.explanation_page import explanation_page
from triptych.report.html import write_page, write_report
from triptych.report.learning_curve import load_learning_curve
from triptych.report.operating_charts import points_of
from triptych.report.operating_points import operating_page

pytestmark = needs_chromium

PAGES = ("report", "many-classes", "operating-points", "explanation", "watch", "audit", "agreement")
FOCUSABLE = "a[href], summary, button, input, [tabindex='0']"
DESKTOP, NARROW, PAPER = 1300, 380, 718  # px; the last is the width of A4 without margins
AUDIT = ("audit.experts=[readings]", "cross_fitting.folds=2", "audit.permutations=100")


@pytest.fixture(scope="session")
def folder(trained, records, tmp_path_factory):
    """All pages, each as `<name>.html`."""
    folder, model = tmp_path_factory.mktemp("pages"), trained.model_
    test = list(records.split("test"))
    broken = folder / ("a-very-long-name-without-a-place-to-break-" * 3 + ".png")
    broken.write_bytes(b"not a picture")
    some = [*test, *records.split("train")][:20]
    judged = RecordSet([*some, Record(str(broken), broken, test[0].readings, test[0].label)])
    write_report(folder / "many-classes.html", _many_classes())
    audit = audit_records(records, load_config(None, AUDIT))
    extras = {"audit": report_section(audit), "learning_curve": load_learning_curve(_benchmark(folder))}
    write_report(folder / "report.html", report_data(model, evaluate(trained, judged), "Lot 17", **extras))
    points = points_of(model)
    outcomes = outcomes_at(model.point, points.evidence, model.counts, model.config.decision)
    explained = explain_records(model, RecordSet(test[:1]), silent).explained
    labels = ["normal", "bad"] * 20
    ratings = Ratings(
        [one.id for one in records], {"anna": [labels, labels[::-1]], "ben": [labels]}, labels, ["a note"]
    )
    pages = {
        "operating-points": operating_page(model, points, outcomes, "model"),
        "explanation": explanation_page(explained, "Why, by model", model.decoder),
        "watch": watch_page(watch(model, list(read_stream(model, records.split("test"), [], silent))), "test"),
        "audit": audit_page(audit, records, "Audit of data"),
        "agreement": agreement_page(analyse(ratings, "normal"), ratings, "labels.csv"),
    }
    for name, html in pages.items():
        write_page(folder / f"{name}.html", html, "the page")
    return folder


def _many_classes():
    """A report of fifteen classes with long names, without pictures."""
    classes = ["normal", *(f"Edge-Ring defect {i}" for i in range(14))]
    pairs = [(true, called) for i, true in enumerate(classes) for called in (*[true] * 20, *classes[i : i + 3])]
    shares = dict.fromkeys(classes, 1 / 15)
    records = [
        ReportRecord(f"test/{i}.png", None, true, called, 0.9, shares, "review" if i % 9 else "accept", {}, [], "", "")
        for i, (true, called) in enumerate(pairs)
    ]
    scores = score([true for true, _ in pairs], [called for _, called in pairs], classes, "normal")
    return ReportData("Many classes", "now", scores, classes, "normal", [], records, {}, [], "seed: 0")


def _benchmark(folder):
    """A result of `triptych benchmark accuracy`."""
    curve = {str(n): {"mean": 60 + n / 8, "half": 400 / n} for n in (40, 80, 160, 320)}
    system = {"name": "triptych", "seeds": [0, 1], "curve": curve, "log_loss_curve": {}}
    path = folder / "accuracy.json"
    path.write_text(json.dumps({"reference": "triptych", "systems": [system]}))
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with open_browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(params=PAGES)
def page(request, browser, folder):
    """A page; any error in it, and any request that leaves its file, fails the test."""
    opened, requests = browser.new_page(), []
    errors = errors_of(opened)
    opened.on("request", lambda one: requests.append(one.url))
    opened.set_viewport_size({"width": DESKTOP, "height": 900})
    url = (folder / f"{request.param}.html").as_uri()
    opened.goto(url)
    yield opened
    assert errors == []
    assert {one.partition("#")[0] for one in requests if not one.startswith("data:")} == {url}
    opened.close()


def test_links_lead_to_places_in_the_page_and_regions_have_names(page):
    broken = "links => links.map(link => link.hash.slice(1)).filter(id => !document.getElementById(id))"
    assert page.locator("a[href]").evaluate_all(broken) == []
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    named = "one => one.ariaLabel || document.getElementById(one.getAttribute('aria-labelledby'))?.textContent.trim()"
    assert page.locator("[role=region]").evaluate_all(f"all => all.filter(one => !({named})(one)).length") == 0
    assert page.locator("img:not([alt]), svg[role=img]:not([aria-label])").count() == 0


def test_all_is_reached_by_tab_and_shows_the_focus(page):
    wanted = page.locator(FOCUSABLE).evaluate_all(
        "all => all.filter((one, i) => (one.dataset.place = i, one.checkVisibility())).map(one => one.dataset.place)"
    )
    shown = """() => {
      const one = document.activeElement, style = getComputedStyle(one);
      const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      return [one.dataset.place ?? "", seen && one.getBoundingClientRect().width > 1];
    }"""
    reached = {}
    for _ in range(2 * len(wanted) + 5):
        page.keyboard.press("Tab")
        place, seen = page.evaluate(shown)
        if place in reached:
            break
        reached[place] = seen
    assert [place for place in wanted if place not in reached] == []
    assert [place for place in wanted if not reached[place]] == []


def test_the_first_link_skips_to_the_content(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_legible(page, scheme):
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []
    bright = "() => parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    assert (page.evaluate(bright) > 128) == (scheme == "light")


@pytest.mark.parametrize("width", [DESKTOP, NARROW])
def test_nothing_is_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


def test_all_is_printed_dark_on_white(page):
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("page", ["report"], indirect=True)
def test_cells_of_the_confusion_matrix_open_their_records_by_keyboard(page):
    cells = page.locator(".confusion td a")
    assert cells.count() > 1
    assert page.locator(".cell-records:visible").count() == 0
    for place in range(cells.count()):
        cells.nth(place).focus()
        page.keyboard.press("Enter")
        opened = page.locator(".cell-records:visible")
        assert opened.count() == 1
        assert opened.locator(".tally").inner_text() == cells.nth(place).inner_text()
    page.keyboard.press("Tab")  # goes on in the list
    assert page.evaluate("() => document.activeElement.textContent") == "Close"
    page.keyboard.press("Enter")
    assert page.locator(".cell-records:visible").count() == 0


@pytest.mark.parametrize("page", ["report"], indirect=True)
@pytest.mark.parametrize("width", [DESKTOP, NARROW])
def test_an_opened_cell_fits_and_is_legible(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.locator(".confusion td a").first.click()
    assert page.locator(".cell-records:visible").count() == 1
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(CONTRAST) == []
