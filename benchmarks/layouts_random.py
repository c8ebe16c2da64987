"""Layouts whose names, arrangement, way of printing numbers and style are drawn at random from a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from browser import scatter
from names_of_fields import AXES, FEATURES, FIELDS, STATISTICS, TITLES, WORDS, Field
from vendor_sheet import Sheet, Vendor, jpeg, scanned

LATIN = [
    "Liberation Sans", "Liberation Serif", "Liberation Mono", "DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono",
    "Inter", "Roboto", "Roboto Condensed", "Roboto Slab", "Open Sans", "Lato", "Carlito", "Hack", "JetBrains Mono",
    "C059", "P052", "Nimbus Sans Narrow", "Courier Prime", "Liberation Sans Narrow",
]  # fmt: skip
FONTS = {
    "zh-Hans": ["Noto Sans CJK SC", "Noto Serif CJK SC", "AR PL UMing CN"],
    "zh-Hant": ["Noto Sans CJK TC", "Noto Serif CJK TC", "AR PL UMing TW"],
    "ja": ["Noto Sans CJK JP", "IPAGothic", "Noto Serif CJK JP"],
    "ko": ["Noto Sans CJK KR", "Noto Serif CJK KR"],
}
PAPERS = [("#fff", "#111", "#dfe6ee", "#999"), ("#fff", "#222", "#fff", "#ddd"), ("#f4f4f0", "#111", "#e4e4dc", "#bbb"),
          ("#d4d0c8", "#000", "#c0bcb4", "#808080"), ("#1d2330", "#e8eaf0", "#2a3245", "#46506a"),
          ("#101010", "#5dfc70", "#101010", "#2f6f37"), ("#0b2239", "#ffffff", "#14395c", "#3d6288")]  # fmt: skip
UNREAD = "ko"  # the OCR that comes with Triptych does not read Korean
SPOILT: list[Callable] = [jpeg, scanned]


@dataclass(frozen=True)
class Print:
    """How one layout prints names and numbers."""

    rng: np.random.Generator
    language: str
    sheet: Sheet
    unit: str  # "name", "brackets", "value" or "nowhere"
    capitals: bool
    plus: bool
    separator: str

    def name(self, field: Field) -> str:
        """The printed name."""
        name = field.name.upper() if self.capitals else field.name
        behind = {"name": f" ({field.unit})", "brackets": f" [{field.unit}]"}.get(self.unit, "") if field.unit else ""
        return name + behind

    def value(self, field: Field, name: str = "", bare: bool = False) -> str:
        """Print a value of `field` under `name`, drawn anew for every record."""
        rng = self.sheet.rng
        number = float(rng.uniform(field.low, field.high))
        text = self.sheet.number(name or field.name, number, field.places, form=field.form)
        if self.plus and field.low < 0 and not text.startswith("-") and text.strip("0.,"):
            text = f"+{text}"
        unit = f" {field.unit}" if self.unit == "value" and field.unit and not bare else ""
        return text + unit


def _pairs(printer: Print, fields: Sequence[Field]) -> str:
    """Names with their values on the right, in one to three columns."""
    rng = printer.rng
    columns, gap = int(rng.integers(1, 4)), int(rng.integers(14, 60))
    align, ruled = rng.choice(["left", "right"]), rng.random() < 0.35
    cells = [(printer.name(field) + printer.separator, printer.value(field)) for field in fields]
    style = f"padding:3px {gap}px 3px 6px;" + ("border:1px solid var(--line);" if ruled else "")
    rows = []
    for start in range(0, len(cells), columns):
        row = "".join(
            f"<td style='{style}'>{escape(name)}</td>"
            f"<td style='{style}text-align:{align};white-space:nowrap'>{escape(text)}</td>"
            for name, text in cells[start : start + columns]
        )
        rows.append(f"<tr>{row}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _under_heads(printer: Print, fields: Sequence[Field]) -> str:
    """A line of headings with one line of values."""
    ruled = printer.rng.random() < 0.6
    align = printer.rng.choice(["left", "right", "center"])
    style = f"padding:3px 14px;text-align:{align};" + ("border:1px solid var(--line);" if ruled else "")
    heads = "".join(f"<th style='{style}'>{escape(printer.name(field))}</th>" for field in fields[:6])
    values = "".join(f"<td style='{style}'>{escape(printer.value(field, bare=True))}</td>" for field in fields[:6])
    return f"<table><tr>{heads}</tr><tr>{values}</tr></table>"


def _lines(printer: Print, fields: Sequence[Field]) -> str:
    """Free lines, each with a name and its value."""
    separator = printer.separator or " ="
    lines = (f"{printer.name(field)}{separator} {printer.value(field)}" for field in fields)
    return "".join(f"<p style='margin:4px 0'>{escape(line)}</p>" for line in lines)


def _one_line(printer: Print, fields: Sequence[Field]) -> str:
    """Several names and values in one line."""
    separator = printer.separator or ":"
    gap = int(printer.rng.integers(24, 60))
    texts = (escape(f"{printer.name(field)}{separator} {printer.value(field)}") for field in fields[:3])
    spans = (f"<span style='margin-right:{gap}px'>{text}</span>" for text in texts)
    return f"<p style='white-space:nowrap'>{''.join(spans)}</p>"


def _cards(printer: Print, fields: Sequence[Field]) -> str:
    """Cards with a small name above or below a large value."""
    below, framed = printer.rng.random() < 0.4, printer.rng.random() < 0.6
    style = "display:inline-block;min-width:150px;margin:4px;padding:6px 10px;"
    style += "border:1px solid var(--line);" if framed else ""
    cards = []
    for field in fields[:6]:
        name = f"<div style='font-size:80%'>{escape(printer.name(field))}</div>"
        value = f"<div style='font-size:150%'>{escape(printer.value(field))}</div>"
        cards.append(f"<div style='{style}'>{value + name if below else name + value}</div>")
    return f"<div>{''.join(cards)}</div>"


def _boxes(printer: Print, fields: Sequence[Field]) -> str:
    """Group boxes of a window, side by side."""
    half = (len(fields) + 1) // 2
    titles = printer.rng.permutation(TITLES[printer.language])
    boxes = []
    for title, part in zip(titles, (fields[:half], fields[half:]), strict=False):
        rows = "".join(
            f"<tr><td style='padding:2px 12px 2px 0'>{escape(printer.name(field) + printer.separator)}</td>"
            f"<td style='text-align:right'>{escape(printer.value(field))}</td></tr>"
            for field in part
        )
        style = "display:inline-block;vertical-align:top;margin:4px 10px;border:1px solid var(--line)"
        boxes.append(f"<fieldset style='{style}'><legend>{escape(str(title))}</legend><table>{rows}</table></fieldset>")
    return f"<div>{''.join(boxes)}</div>"


def _grid(printer: Print, fields: Sequence[Field]) -> str:
    """A table with names of rows and of columns: statistics of several features, either way round."""
    rng, language = printer.rng, printer.language
    known = rng.random() < 0.4
    statistics = [str(name) for name in rng.permutation(list(STATISTICS[language]))[: int(rng.integers(2, 6))]]
    pool = AXES if known else FEATURES[language]
    features = list(pool) if known else [str(name) for name in rng.permutation(pool)[: int(rng.integers(2, 5))]]
    turned, ruled, corner = rng.random() < 0.5, rng.random() < 0.6, rng.random() < 0.5
    rows, columns = (statistics, features) if turned else (features, statistics)
    style = f"padding:3px {int(rng.integers(6, 20))}px;" + ("border:1px solid var(--line);" if ruled else "")
    align = rng.choice(["right", "left", "center"])
    lines = [[TITLES[language][0] if corner else "", *columns]]
    for row in rows:
        line = [row]
        for column in columns:
            statistic, feature = (row, column) if turned else (column, row)
            line.append(_statistic(printer, statistic, feature, known))
        lines.append(line)
    html = ""
    for i, cells in enumerate(lines):
        tag = "th" if i == 0 else "td"
        html += "<tr>" + "".join(
            f"<{tag} style='{style}text-align:{align if j else 'left'}'>{escape(cell)}</{tag}>"
            for j, cell in enumerate(cells)
        ) + "</tr>"  # fmt: skip
    return f"<table>{html}</table>"


def _statistic(printer: Print, statistic: str, feature: str, known: bool) -> str:
    key, low, high, places = STATISTICS[printer.language][statistic]
    if known:
        return printer.sheet.stat(feature, key, f"{statistic} {feature}", places)
    return printer.value(Field(f"{feature} {statistic}", "", low, high, places), bare=True)


BLOCKS = [_pairs, _pairs, _pairs, _under_heads, _lines, _one_line, _cards, _boxes, _grid, _grid, _grid]


def _words(printer: Print) -> str:
    names = printer.rng.permutation(list(WORDS[printer.language]))[: int(printer.rng.integers(0, 4))]
    texts = {str(name): str(WORDS[printer.language][str(name)]) for name in names}
    spans = []
    for name, text in texts.items():
        own = printer.sheet.lot() if text == "lot" else printer.sheet.date() if text == "date" else text
        spans.append(f"<span style='margin-right:40px'>{escape(name)}: {printer.sheet.word(name, own)}</span>")
    return f"<p>{''.join(spans)}</p>" if spans else ""


def _page(seed: int, language: str, plot: bool) -> Callable[[Sheet], str]:
    def page(sheet: Sheet) -> str:
        rng = np.random.default_rng([seed, 1])
        printer = Print(
            rng, language, sheet,
            unit=str(rng.choice(["name", "brackets", "value", "nowhere"])), capitals=bool(rng.random() < 0.2),
            plus=bool(rng.random() < 0.2), separator=str(rng.choice(["", "", ":", ":", " :", " ="])),
        )  # fmt: skip
        order = rng.permutation(len(FIELDS[language]))
        fields = [FIELDS[language][i] for i in order]
        html = f"<h3>{escape(str(rng.choice(TITLES[language])))}</h3>" if rng.random() < 0.7 else ""
        html += _words(printer)
        grids = 0
        for block in [BLOCKS[i] for i in rng.permutation(len(BLOCKS))[: int(rng.integers(1, 4))]]:
            if block is _grid and grids:
                continue  # two grids may have the same names
            grids += block is _grid
            size = int(rng.integers(3, 9))
            part, fields = fields[:size], fields[size:]
            if part:
                html += f"<div style='margin:{int(rng.integers(4, 22))}px 0'>{block(printer, part)}</div>"
        shown = scatter(sheet.points, 12.0, "#1f6fd0", "#777", "right:10px;top:20px") if plot else ""
        return f"<div style='width:800px'>{html}</div>{shown}"

    return page


def random_layouts(seeds: Sequence[int]) -> list[Vendor]:
    """One layout for each of `seeds`."""
    layouts = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 0])
        language = str(rng.choice(["en", "en", "en", "en", *(name for name in FIELDS if name not in ("en", UNREAD))]))
        font = str(rng.choice(FONTS.get(language, LATIN)))
        paper, ink, head, line = PAPERS[int(rng.choice(len(PAPERS), p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1]))]
        size, comma = int(rng.integers(13, 20)), language in ("de", "fr", "es", "it")
        style = f"body{{font-size:{size}px;background:{paper};color:{ink};--line:{line}}}th{{background:{head}}}"
        plot, spoilt = rng.random() < 0.3, rng.random() < 0.2
        wide = 1250 if plot else 850
        layouts.append(
            Vendor(f"random {seed}", language, font, _page(seed, language, plot), style, (wide, 620), comma=comma,
                   **({"spoil": SPOILT[int(rng.integers(2))]} if spoilt and paper == "#fff" else {}))
        )  # fmt: skip
    return layouts
