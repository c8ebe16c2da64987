"""A real browser for tests: Chromium in an empty profile, driven by Playwright. Without either, tests are skipped."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (apt-get install chromium)")


@contextmanager
def open_browser(profile: Path, width: int = 1300, height: int = 900) -> Iterator[Any]:
    """A browser (Playwright's `BrowserContext`) with a window of `width` by `height` px."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=list(SWITCHES),
            viewport={"width": width, "height": height},
        )
        yield browser
        browser.close()


def errors_of(page: Any) -> list[str]:
    """A list to which every later error of `page`, and every one on its console, is added."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    return errors


CONTRAST = """() => {
  const parse = text => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [...parts.slice(0, 3).map(part => part * scale), parts[3] ?? 1];
  };
  const over = (top, below) => top.slice(0, 3).map((part, i) => part * top[3] + below[i] * (1 - top[3]));
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    const canvas = matchMedia("print").matches || getComputedStyle(document.documentElement).colorScheme !== "dark";
    return layers.reverse().reduce((below, top) => over(top, below), canvas ? [255, 255, 255] : [18, 18, 18]);
  };
  const light = colour => colour.map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement, style = getComputedStyle(element);
    if (!walk.currentNode.data.trim() || !element.checkVisibility() || element.closest(".hidden, .skip")) continue;
    const below = ground(element), colour = element instanceof SVGElement ? style.fill : style.color;
    const [low, high] = [light(over(parse(colour), below)), light(below)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    const name = `${element.tagName}.${element.className.baseVal ?? element.className}`;
    if (ratio < 4.5) found.add(`${name}: ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""
"""JavaScript: the elements with text whose contrast with their ground is under 4.5 (WCAG 2.2, 1.4.3)."""

CUT_OFF = """() => {
  const found = new Set(), width = document.documentElement.clientWidth, print = matchMedia("print").matches;
  const clipped = element => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== "visible") return true;
    return false;
  };
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility() || element.closest(".hidden, .skip")) continue;
    const name = `${element.tagName}.${element.className.baseVal ?? element.className}`;
    const bounds = element.getBoundingClientRect();
    const outside = bounds.right > width + 1 || bounds.left < -1;
    if (outside && !clipped(element)) found.add(`${name} ends at ${bounds.right}`);
    if (print && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible")
      found.add(`${name} scrolls`);
  }
  return [...found];
}"""
"""JavaScript: elements that reach beyond the page, and, in print, those with parts that only scrolling would show."""
