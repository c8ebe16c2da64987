"""The editor of layout files, used in a real browser as a person would."""

import os
import subprocess
import sys

import pytest

from chromium import errors_of, needs_chromium, open_browser
from layout_sheet import YAML, write_sheet
from triptych.reading.layout_file import load_layout_file

pytestmark = needs_chromium

MOST = 30_000  # ms; the OCR engine loads its models at the first reading


@pytest.fixture
def path(tmp_path):
    """A layout file with its sample picture."""
    return write_sheet(tmp_path)


@pytest.fixture
def page(path, tmp_path):
    """The page that `triptych layouts edit` serves, in an empty profile; any error in it fails the test."""
    command = [sys.executable, "-m", "triptych", "layouts", "edit", str(path), "--no-browser"]
    served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    errors = []
    try:
        url = served.stdout.readline().strip()
        with open_browser(tmp_path / "profile") as browser:
            opened = browser.new_page()
            opened.set_default_timeout(MOST)
            errors = errors_of(opened)
            opened.goto(url)
            opened.locator("body[data-ready]").wait_for()
            yield opened
    finally:
        served.terminate()
        served.wait()
    assert [error for error in errors if "400 (Bad Request)" not in error] == []


def drag(page, left, top, right, bottom):
    """Drag from one corner to the other, in px of the picture."""
    bounds = page.locator("#overlay").bounding_box()
    scale = bounds["width"] / 400
    page.mouse.move(bounds["x"] + left * scale, bounds["y"] + top * scale)
    page.mouse.down()
    page.mouse.move(bounds["x"] + (left + right) / 2 * scale, bounds["y"] + bottom * scale)
    page.mouse.move(bounds["x"] + right * scale, bounds["y"] + bottom * scale)
    page.mouse.up()


def status(page, words):
    """Wait until the page says `words`."""
    page.locator("#status", has_text=words).wait_for()


def test_a_person_renames_draws_saves_and_reads_again(page, path):
    page.locator("#fields button", has_text="Mean X").click()
    page.locator("#name").fill("Shift")
    page.locator("#meaning").select_option("mean_y")
    page.locator("#unit").select_option("mm")
    page.get_by_role("button", name="New field").click()
    drag(page, 240, 106, 310, 134)
    page.locator("#name").fill("Batch")
    page.get_by_role("button", name="Draw its name").click()
    drag(page, 34, 106, 84, 134)
    assert page.locator("#unsaved").is_visible()
    page.get_by_role("button", name="Save").click()
    status(page, "Saved. The previous file is sheet.yaml.bak.")
    assert not page.locator("#unsaved").is_visible()
    _, shift, batch = load_layout_file(path).entries.fields
    assert (shift.name, shift.meaning, shift.unit, shift.value_box) == ("Shift", "mean_y", "mm", (245, 68, 305, 92))
    assert (batch.name, batch.meaning) == ("Batch", None)
    assert batch.value_box == pytest.approx((240, 106, 310, 134), abs=1)
    assert batch.name_box == pytest.approx((34, 106, 84, 134), abs=1)
    assert (path.parent / "sheet.yaml.bak").read_text() == YAML
    page.get_by_role("button", name="Read again").click()
    status(page, "3 of 3 fields read.")
    assert page.locator("#fields output").all_inner_texts() == ["500", "-0.12", "77AB"]
    page.locator("#fields button", has_text="Shift").click()
    assert "value -120" in page.locator("#result").inner_text()


def test_boxes_are_moved_and_resized_and_changes_undone(page, path):
    value = page.locator('#overlay [data-key="field-0-value_box"]')
    drag(page, 278, 40, 288, 45)
    assert [value.get_attribute(key) for key in ("x", "y", "width", "height")] == ["265", "33", "45", "24"]
    drag(page, 310, 57, 320, 67)  # by its corner
    assert [value.get_attribute(key) for key in ("x", "y", "width", "height")] == ["265", "33", "55", "34"]
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    assert [value.get_attribute(key) for key in ("x", "y", "width", "height")] == ["255", "28", "45", "24"]
    assert not page.locator("#unsaved").is_visible()


def test_all_is_done_by_keyboard(page, path):
    page.locator("#fields button").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.locator("#name").input_value() == "Mean X"
    page.locator('#overlay [data-key="field-1-value_box"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+s")
    status(page, "Saved.")
    assert load_layout_file(path).entries.fields[1].value_box == (246, 78, 306, 102)
    page.keyboard.press("Delete")
    status(page, "Mean X was removed.")
    page.keyboard.press("Control+z")
    status(page, "Undone.")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+s")
    status(page, "Saved.")
    assert [field.name for field in load_layout_file(path).entries.fields] == ["Mean X"]


def test_an_ignored_area_removes_the_fields_in_it(page, path):
    page.get_by_role("button", name="Ignore an area").click()
    drag(page, 230, 60, 330, 100)
    status(page, "The area is ignored. Removed: Mean X.")
    page.locator("#ignore-input").fill("Lot")
    page.get_by_role("button", name="Add").click()
    page.keyboard.press("Control+s")
    status(page, "Saved.")
    entries = load_layout_file(path).entries
    assert [field.name for field in entries.fields] == ["Total"]
    area, name = entries.ignore
    assert (area, name) == (pytest.approx((230, 60, 330, 100), abs=1), "Lot")


def test_errors_are_shown_in_the_page(page, path):
    page.locator("#fields button", has_text="Total").click()
    page.locator("#meaning").select_option("mean_x")
    page.keyboard.press("Control+s")
    status(page, "sheet.yaml: two fields are 'mean_x'; each field can be read once")
    assert page.locator("#status").get_attribute("role") == "alert"
    assert path.read_text() == YAML
