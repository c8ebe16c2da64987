"""Layouts made of a language, an arrangement of names and values, a way of printing numbers, a font, and a plot."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from browser import scatter, screenshots
from PIL import Image

from triptych.records.fields import MOMENTS, TOTAL, point_readings, ring_bounds

WIDTH, HEIGHT = 1000, 600  # px of a picture
UM = 20.0  # um in the outer radius of the plot
EDGES = (0, 3, 6, 9, 12)

# Names of total, mean and sigma; words for "and more" and for the heading of the counts.
LANGUAGES = {
    "en": ("Total holes", "Mean {}", "Std dev {}", "{}+", "Counts"),
    "en-short": ("n", "Avg {}", "SD {}", ">= {}", "Rings"),
    "de": ("Anzahl Bohrungen", "Mittelwert {}", "Standardabweichung {}", "ab {}", "Verteilung"),
    "fr": ("Nombre de trous", "Moyenne {}", "Écart-type {}", "plus de {}", "Répartition"),
    "es": ("Total de taladros", "Media {}", "Desviación estándar {}", "más de {}", "Distribución"),
    "it": ("Numero fori", "Media {}", "Deviazione standard {}", "oltre {}", "Distribuzione"),
    "zh-Hant": ("孔總數", "{}平均值", "{}標準差", "{}以上", "分佈"),
    "zh-Hans": ("总孔数", "{}均值", "{}标准差", "大于{}", "分布"),
    "ja": ("穴数", "{}平均", "{}標準偏差", "{}以上", "分布"),
    "ko": ("총 홀 수", "{} 평균", "{} 표준편차", "{} 이상", "분포"),
}


@dataclass(frozen=True)
class Layout:
    """How records are printed.

    Attributes:
        language: a key of LANGUAGES.
        arrangement: a key of ARRANGEMENTS.
        font: a CSS font family.
        comma: whether the decimal separator is a comma.
        minus: `-`, a true minus sign, `apart` or `brackets`.
        unit: where "um" is printed: `name`, `value`, `once` or `nowhere`.
        share: whether counts have percentages.
        places: decimal places.
        dots: colour of the dots.
        dark: whether the background is dark.
        rings: whether counts of rings are printed.
    """

    language: str
    arrangement: str
    font: str
    comma: bool = False
    minus: str = "-"
    unit: str = "nowhere"
    share: bool = False
    places: int = 2
    dots: str = "#e83e8c"
    dark: bool = False
    rings: bool = True

    def number(self, value: float) -> str:
        """A mean or sigma as printed, without its unit."""
        text = f"{abs(value):.{self.places}f}".replace(".", "," if self.comma else ".")
        if round(value, self.places) >= 0:
            return text
        return {"apart": f"- {text}", "brackets": f"({text})"}.get(self.minus, self.minus + text)

    def rows(self, values: dict[str, float]) -> list[tuple[str, str, str]]:
        """The name, the value and the percentage of each field, as printed."""
        total, mean, sigma, over, _ = LANGUAGES[self.language]
        behind = " (µm)" if self.unit == "name" else ""
        after = " µm" if self.unit == "value" else ""
        found = [(total, f"{values[TOTAL]:.0f}", "100.0%" if self.share else "")]
        for name in MOMENTS:
            pattern = mean if name.startswith("mean") else sigma
            found.append((pattern.format(name[-1].upper()) + behind, self.number(values[name]) + after, ""))
        for name, count in values.items():
            if self.rings and (bounds := ring_bounds(name)):
                low, high = bounds
                ring = over.format(f"{low:g} µm") if math.isinf(high) else f"{low:g} - {high:g} µm"
                share = f"{100 * count / values[TOTAL]:.1f}%" if self.share else ""
                found.append((ring, f"{count:.0f}", share))
        return found


def _table(rows: Sequence[tuple[str, ...]], style: str = "") -> str:
    cells = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in rows)
    return f"<table style='{style}'>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _plain(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    return _table(rows)


def _right(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    return f"<style>td:nth-child(2),td:nth-child(3){{text-align:right}}</style>{_table(rows)}"


def _ruled(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    return f"<style>table{{border-collapse:collapse}}td{{border:1px solid #888}}</style>{_table(rows)}"


def _lines(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    return "".join(f"<p>{escape(f'{name} = {value} {share}'.strip())}</p>" for name, value, share in rows)


def _colons(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    return _table([(f"{name}:", value, share) for name, value, share in rows])


def _cards(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    style = "display:inline-block;width:190px;height:62px;margin:3px;border:1px solid #aaa;padding:4px"
    return "".join(
        f"<div style='{style}'><small>{escape(name)}</small><br><b>{escape(f'{value} {share}')}</b></div>"
        for name, value, share in rows
    )


def _grid(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    means = [LANGUAGES[layout.language][i].format("").strip() for i in (1, 2)]
    values = [row[1] for row in rows[1:5]]
    grid = [("", "X", "Y"), (means[0], *values[:2]), (means[1], *values[2:])]
    return _table([rows[0]]) + _table(grid, "margin:12px 0") + _table(rows[5:])


def _pairs(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    half = (len(rows) + 1) // 2
    right = [*rows[half:], *[("", "", "")] * half]
    joined = [(a[0], a[1], b[0], b[1]) for a, b in zip(rows[:half], right, strict=False)]
    return f"<style>td{{padding-right:16px}}body{{font-size:14px}}</style>{_table(joined)}"


def _sections(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    return _table(rows[:5]) + f"<h4>{LANGUAGES[layout.language][4]}</h4>" + _table(rows[5:])


def _both_axes(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    names = [LANGUAGES[layout.language][i].format("X / Y") for i in (1, 2)]
    values = [row[1] for row in rows[1:5]]
    return _table([rows[0], (names[0], *values[:2]), (names[1], *values[2:]), *rows[5:]])


def _strip(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    texts = (
        "td{padding:2px 10px 2px 0;font-size:13px}div{left:20px!important;width:960px!important}svg{left:0!important}"
    )
    parts = [rows[:5], rows[5:]]
    tables = (_table([[row[0] for row in part], [row[1] for row in part]]) for part in parts if part)
    return f"<style>{texts}svg{{top:130px!important}}</style>{''.join(tables)}"


def _leaders(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    style = "display:flex;width:360px;margin:5px 0"
    dots = "<span style='flex:1;border-bottom:2px dotted #999;margin:0 6px 5px'></span>"
    return "".join(
        f"<div style='{style};position:static'>{escape(name)}{dots}{escape(f'{value} {share}'.strip())}</div>"
        for name, value, share in rows
    )


def _boxed(layout: Layout, rows: list[tuple[str, str, str]]) -> str:
    style = "position:absolute;left:-445px;top:35px;background:#fff;border:1px solid #666;padding:4px;font-size:13px"
    first = "".join(f"<div style='position:static'>{escape(f'{name}={value}')}</div>" for name, value, _ in rows[:5])
    return f"<div style='{style};width:auto'>{first}</div>{_table(rows[5:])}"


ARRANGEMENTS: dict[str, Callable[[Layout, list[tuple[str, str, str]]], str]] = {
    "plain": _plain,
    "right": _right,
    "ruled": _ruled,
    "lines": _lines,
    "colons": _colons,
    "cards": _cards,
    "grid": _grid,
    "pairs": _pairs,
    "sections": _sections,
    "both axes": _both_axes,
    "strip": _strip,
    "leaders": _leaders,
    "boxed": _boxed,
}

SANS, SERIF, MONO, DEJAVU = "Liberation Sans", "Liberation Serif", "Liberation Mono", "DejaVu Sans"
DEJAVU_SERIF = "DejaVu Serif"
NOTO, NOTO_SERIF = "Noto Sans CJK TC", "Noto Serif CJK JP"

LAYOUTS = {
    "developed": [
        Layout("en", "plain", SANS),
        Layout("en", "lines", SERIF, unit="value"),
        Layout("en-short", "grid", MONO, minus="−"),
        Layout("de", "right", DEJAVU, comma=True, unit="value"),
        Layout("fr", "colons", SANS, comma=True, share=True),
        Layout("es", "cards", SANS),
        Layout("it", "ruled", SERIF, comma=True, unit="name"),
        Layout("zh-Hant", "plain", NOTO, share=True),
        Layout("zh-Hans", "sections", NOTO, minus="−"),
        Layout("ja", "right", NOTO, dark=True, dots="#33ddff"),
        Layout("ko", "colons", NOTO),
        Layout("en", "both axes", MONO, share=True, minus="apart"),
    ],
    "seen once": [
        Layout("en", "right", SERIF, minus="brackets", share=True, dots="#2266cc"),
        Layout("en", "pairs", DEJAVU, places=3, dots="#118833"),
        Layout("en", "cards", SERIF, minus="−", unit="value"),
        Layout("en", "sections", MONO, minus="apart", unit="name"),
        Layout("en-short", "lines", DEJAVU, places=3, dark=True, dots="#ffaa00"),
        Layout("en-short", "ruled", SANS, share=True, rings=True, dots="#777777"),
        Layout("en-short", "both axes", SERIF, minus="−", rings=False),
        Layout("de", "colons", SERIF, comma=True, minus="−", share=True),
        Layout("de", "grid", SANS, comma=True, unit="value"),
        Layout("de", "pairs", SANS, comma=True, dots="#aa2200"),
        Layout("fr", "right", DEJAVU, comma=True, minus="apart", unit="name"),
        Layout("fr", "lines", SANS, comma=True, unit="value"),
        Layout("fr", "sections", SERIF, comma=True, places=3),
        Layout("es", "plain", SERIF, comma=True, share=True, minus="−"),
        Layout("es", "ruled", MONO, unit="value"),
        Layout("it", "plain", DEJAVU, comma=True, minus="brackets"),
        Layout("it", "both axes", SANS, comma=True, rings=False),
        Layout("zh-Hant", "ruled", NOTO_SERIF, unit="value", minus="−"),
        Layout("zh-Hant", "cards", NOTO, places=3),
        Layout("zh-Hans", "right", NOTO, share=True, dots="#2266cc"),
        Layout("zh-Hans", "colons", NOTO_SERIF, unit="name", minus="apart"),
        Layout("ja", "sections", NOTO_SERIF, unit="value"),
        Layout("ja", "plain", NOTO, dark=True, dots="#ffee55", minus="−"),
        Layout("ko", "ruled", NOTO, unit="name", minus="−"),
    ],
    "seen later": [
        Layout("en", "leaders", SANS, minus="−"),
        Layout("en", "strip", DEJAVU),
        Layout("en-short", "boxed", SANS, dots="#2266cc"),
        Layout("en", "grid", SERIF, unit="value", share=True),
        Layout("en-short", "pairs", MONO, minus="apart"),
        Layout("en", "ruled", DEJAVU_SERIF, minus="brackets", places=3),
        Layout("en-short", "cards", MONO, dark=True, dots="#66ff99"),
        Layout("de", "leaders", SERIF, comma=True, unit="value"),
        Layout("de", "both axes", DEJAVU, comma=True, share=True),
        Layout("de", "sections", MONO, comma=True, minus="−"),
        Layout("de", "lines", DEJAVU_SERIF, comma=True, places=3),
        Layout("fr", "grid", DEJAVU, comma=True, unit="name"),
        Layout("fr", "ruled", SERIF, comma=True, minus="brackets"),
        Layout("fr", "cards", SANS, comma=True, share=True, dots="#118833"),
        Layout("es", "colons", DEJAVU_SERIF, comma=True, minus="apart"),
        Layout("es", "both axes", SERIF),
        Layout("es", "right", SANS, comma=True, unit="value", share=True),
        Layout("it", "leaders", MONO, comma=True),
        Layout("it", "lines", SANS, comma=True, minus="−", unit="value"),
        Layout("zh-Hant", "sections", NOTO_SERIF, minus="brackets"),
        Layout("zh-Hant", "both axes", NOTO, unit="value"),
        Layout("zh-Hans", "grid", NOTO_SERIF, dark=True, dots="#ffaa00"),
        Layout("zh-Hans", "pairs", NOTO, places=3),
        Layout("ja", "leaders", NOTO, unit="name", share=True),
        Layout("ja", "ruled", NOTO_SERIF, minus="−"),
    ],
}


def draw(layout: Layout, count: int, seed: int, folder: Path) -> list[tuple[Image.Image, dict[str, float]]]:
    """`count` records in `layout`: their pictures and what is printed in them."""
    rng = np.random.default_rng(seed)
    pages, truths = [], []
    for _ in range(count):
        size, mean, sigma = rng.integers(150, 1900), rng.normal(0, 2.5, 2), rng.uniform(1.2, 3.6, 2)
        points = rng.normal(mean, sigma, (size, 2))
        values = point_readings(points, EDGES)
        values |= {name: round(values[name], layout.places) + 0.0 for name in MOMENTS}
        if not layout.rings:
            values = {name: value for name, value in values.items() if ring_bounds(name) is None}
        table = ARRANGEMENTS[layout.arrangement](layout, layout.rows(values))
        plot = scatter(points, UM, layout.dots, "#aaa" if layout.dark else "#555", "left:20px;top:60px")
        side = f"position:absolute;left:480px;top:40px;width:{WIDTH - 490}px"
        pages.append(f"{plot}<div style='{side}'>{table}</div>")
        truths.append(values)
    colours = "background:#1c1f26;color:#eee" if layout.dark else "background:#fff;color:#111"
    style = f"body{{font:17px '{layout.font}';{colours}}}td{{padding:3px 14px 3px 0}}p{{margin:6px 0}}"
    return list(zip(screenshots(pages, style, (WIDTH, HEIGHT), folder), truths, strict=True))
