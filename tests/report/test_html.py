from dataclasses import replace

import pytest

from parsed_page import Page
from triptych.errors import TriptychError
from triptych.report import write_report
from triptych.report.html import code_spans, render

CURVES = [
    {"phase": "warm-up", "epoch": epoch, "losses": {"cross_entropy": loss}} for epoch, loss in enumerate((3.0, 1.0))
]


@pytest.fixture
def page(data) -> Page:
    return Page(render(replace(data, curves=CURVES)))


def test_the_page_is_well_formed(page):
    assert page.open == []


def test_nothing_in_the_page_points_outside_it(page):
    addresses = [
        value for _, attributes in page.elements for name, value in attributes.items() if name in ("src", "href")
    ]

    assert addresses
    assert all(address.startswith(("#", "data:image/")) for address in addresses)
    assert not page.all("script")
    assert not page.all("link")


def test_the_page_forbids_scripts_and_loading(page):
    policies = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]

    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_links_lead_to_places_in_the_page_and_no_place_is_named_twice(page):
    places = [attributes["id"] for _, attributes in page.elements if "id" in attributes]

    assert len(places) == len(set(places))
    assert {link["href"] for link in page.all("a")} <= {f"#{place}" for place in places}


def test_every_picture_has_an_alternative_text_and_every_chart_a_description(page):
    shown = [image["alt"] for image in page.all("img")]
    cards = [f"Picture of record {name}.png" for name in ("escape", "overkill", "wrong", "doubtful")]
    assert shown[-4:] == cards
    assert {*cards, "Picture of record good-1.png", "Picture of record good-2.png"} == set(shown[:-4])
    assert [drawing["aria-label"] for drawing in page.all("svg") if "aria-hidden" not in drawing] == [
        "Warm-up, 2 epochs: cross-entropy from 3.00 to 1.00."
    ]


def test_every_heading_cell_has_a_scope(page):
    assert page.all("th")
    assert all(cell.get("scope") in ("row", "col", "colgroup") for cell in page.all("th"))


def test_the_page_shows_scores_errors_doubts_failures_and_the_run(page, data):
    for shown in (
        "3-class macro-F1",
        f"{data.scores.macro_f1:.1f}",
        "Escape rate",
        "Confusion matrix",
        "type-1 called normal",
        "Rightly called type-1",
        "the rings add up to 7, not 9",
        "The dots are slightly shifted to the right.",
        "The mean lies at (+2.73, +0.59) um.",
        "is not a picture that can be decoded; save it again as PNG or JPEG",
        "which is no VLM",
        "DATA, split test",
        "seed: 0",
    ):
        assert shown in page.words


def test_a_count_of_the_confusion_matrix_opens_its_records(page):
    links = {link.get("aria-label"): link["href"] for link in page.all("a")}

    assert links["1: type-1 called normal; show the records"] == "#cell-2-1"


def test_text_from_records_is_escaped(data):
    evil = "<script>alert(1)</script>"
    records = [
        replace(
            record,
            id=f'"><img src=x onerror=alert(1)>{index}',
            description=evil,
            reasoning=evil,
            problems=[evil],
            readings={evil: evil},
            error=record.error and evil,
        )
        for index, record in enumerate(data.records)
    ]
    page = Page(render(replace(data, records=records, title=evil, notes=[evil], facts={evil: evil}, config_yaml=evil)))

    assert not page.all("script")
    assert all("onerror" not in attributes for _, attributes in page.elements)
    assert evil in page.words


def test_records_that_are_left_out_are_counted(make_record, make_data):
    page = Page(render(make_data([make_record("type-1", "normal", image=None)] * 30)))

    assert "The worst 24 are shown; 6 more wrong records are left out." in page.words


def test_without_labels_the_page_counts_calls_and_shows_the_doubtful(make_record, make_data):
    page = Page(render(make_data([make_record(None, "type-1", 0.5, "review"), make_record(None, "normal")])))

    assert "The records carry no labels" in page.words
    assert "Called type-1" in page.words
    assert "Confusion matrix" not in page.words
    assert "#wrong" not in [link["href"] for link in page.all("a")]


def test_a_run_without_records_or_normal_class_has_a_page_too(make_data):
    assert "0 records" in Page(render(make_data([], normal=None, notes=[], facts={}))).words


def test_scores_without_a_normal_class_have_no_binary_part(make_record, make_data):
    data = make_data([make_record("type-1", "type-2")], normal=None)
    page = Page(render(replace(data, scores=replace(data.scores, binary=None))))

    assert "Escape" not in page.words
    assert "type-1 called type-2" in page.words


def test_the_same_run_gives_the_same_page(data):
    assert render(data) == render(data)


def test_the_file_is_written_with_its_folder_and_stays_small(data, tmp_path):
    out = tmp_path / "reports" / "run.html"
    write_report(out, data)

    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert out.stat().st_size < 5e6 / 48 * 4 + 1e5  # four pictures' share of 5 MB, and the page itself


def test_a_file_name_that_is_not_text_does_not_stop_the_report(make_record, make_data, tmp_path):
    write_report(tmp_path / "run.html", make_data([make_record("type-1", "normal", id="caf\udce9.png")]))

    assert "caf?.png" in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(data, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")

    with pytest.raises(TriptychError, match=r"run\.html: the report cannot be written"):
        write_report(tmp_path / "taken" / "run.html", data)


def test_backticks_set_code_and_a_lone_one_stays_as_it_is():
    assert code_spans("from `rules`, <b>") == "from <code>rules</code>, &lt;b&gt;"
    assert code_spans("5` long") == "5` long"
