"""Screens of machines and programs: dashboards, cards, terminals."""

import json

from browser import scatter
from vendor_sheet import MM, Sheet, Vendor, table

AXES = (("mean", "Mean"), ("sigma", "Sigma"))


def _tiles(rows: list[tuple[str, str]], style: str) -> str:
    """Big numbers, with small names beneath."""
    return "".join(f"<div style='{style}'><b>{text}</b><br><small>{name}</small></div>" for name, text in rows)


def _dashboard(sheet: Sheet) -> str:
    rows = [
        ("Total holes", sheet.total()),
        *((f"{label} {axis} (µm)", sheet.stat(axis, key)) for key, label in AXES for axis in "XY"),
    ]
    rows += [(f"Cpk {axis}", sheet.stat(axis, "cpk", f"Cpk {axis}")) for axis in "XY"]
    style = "float:left;width:150px;height:84px;margin:8px;padding:10px;background:#242b38;border-radius:8px"
    plot = scatter(sheet.points, 12.0, "#35d0ff", "#556", "left:600px;top:90px;width:380px;height:380px")
    return f"<h2>Drill Monitor</h2><div style='width:580px'>{_tiles(rows, style)}</div>{plot}"


def _numbers(sheet: Sheet) -> str:
    """Key figures in a row above a plot, names beneath, no boxes."""
    passed = int((abs(sheet.points).max(axis=1) < sheet.limit / 2).sum())
    rows = [("HOLES", sheet.total()), ("YIELD", sheet.number("YIELD", 100 * passed / len(sheet.points), 1) + "%")]
    rows += [("MEAN X", sheet.stat("X", "mean")), ("MEAN Y", sheet.stat("Y", "mean"))]
    rows += [("STD X", sheet.stat("X", "sigma")), ("STD Y", sheet.stat("Y", "sigma"))]
    style = "float:left;width:125px;text-align:center;margin:16px 10px"
    return _tiles(rows, style) + scatter(sheet.points, 12.0, "#e2574c", "#bbb", "left:280px;top:140px")


def _terminal(sheet: Sheet) -> str:
    def line(name: str, text: str) -> str:
        return f"{name + ' ':.<28} {text:>10}"

    lines = ["> INSPECT /LOT " + sheet.lot(), "=" * 39, line("HOLES", sheet.total())]
    for key, label in (("mean", "MEAN"), ("sigma", "STDDEV"), ("min", "MIN"), ("max", "MAX")):
        lines += [line(f"{label} {axis} [UM]", sheet.stat(axis, key, f"{label} {axis}", 3)) for axis in "XY"]
    lines += [line("STATUS", sheet.word("STATUS", "PASS")), "=" * 39, "READY."]
    return "<pre>" + "\n".join(lines) + "</pre>"


def _cards(sheet: Sheet) -> str:
    """Two columns of rows with a name at the left and a value at the right end."""
    rows = [("Lot", sheet.word("Lot", sheet.lot())), ("Started", sheet.word("Started", sheet.time()))]
    rows += [("Hole count", sheet.total()), ("Median R", sheet.stat("R", "median", "Median R") + " µm")]
    for key, label in (*AXES, ("range", "Range")):
        rows += [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}") + " µm") for axis in "XY"]
    style = "float:left;width:300px;margin:6px 12px;padding:8px 12px;border:1px solid #ccd;display:flex"
    style += ";justify-content:space-between"
    return "<h3>Job details</h3>" + "".join(
        f"<div style='{style}'><span>{name}</span><b>{text}</b></div>" for name, text in rows
    )


def _log(sheet: Sheet) -> str:
    """Lines of a key, a colon and a value, among them times."""
    rows = [("DATE", sheet.word("DATE", sheet.date("{m:02d}/{d:02d}/{y}"))), ("TIME", sheet.word("TIME", sheet.time()))]
    rows += [
        ("PROGRAM", sheet.word("PROGRAM", "PANEL_A2.DRL")),
        ("TOOL", sheet.word("TOOL", "T03")),
        ("HOLES", sheet.total()),
    ]
    rows += [(f"{label.upper()} {axis}", sheet.stat(axis, key) + " um") for key, label in AXES for axis in "XY"]
    rows += [("CYCLE TIME", sheet.number("CYCLE TIME", float(sheet.rng.uniform(20, 90)), 1) + " s")]
    return "".join(f"<p>{name}: {text}</p>" for name, text in rows)


def _chinese(sheet: Sheet) -> str:
    rows = [("总孔数", sheet.total())]
    for key, label in (("mean", "均值"), ("sigma", "标准差"), ("max", "最大值")):
        rows += [(f"{axis}{label}（微米）", sheet.stat(axis, key, f"{axis} {label}")) for axis in "XY"]
    style = "float:left;width:170px;margin:8px;padding:10px;border:1px solid #bcd;background:#f4f8fc"
    cards = "".join(f"<div style='{style}'>{name}<br><b>{text}</b></div>" for name, text in rows)
    plot = scatter(sheet.points, 12.0, "#d03a3a", "#99a", "left:660px;top:60px;width:330px;height:330px")
    return f"<h3>钻孔检测</h3><div style='width:640px'>{cards}</div>{plot}"


def _italian(sheet: Sheet) -> str:
    rows = [("Numero di fori", sheet.total())]
    for key, label in (("mean", "Media"), ("sigma", "Deviazione standard"), ("max", "Massimo"), ("min", "Minimo")):
        rows += [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}", 4, MM) + " mm") for axis in "XY"]
    rows += [("Esito", sheet.word("Esito", "CONFORME"))]
    half = len(rows) // 2
    return "<h3>Controllo foratura</h3>" + table([(*a, *b) for a, b in zip(rows[:half], rows[half:], strict=True)])


def _json(sheet: Sheet) -> str:
    """The answer of a program in an editor."""
    lines = [f'"lot": {json.dumps(sheet.word("lot", sheet.lot()))},', f'"total_holes": {sheet.total()},']
    for key in ("mean", "sigma", "max"):
        lines += [
            f'"{key}_{axis.lower()}": {sheet.stat(axis, key, f"{key}_{axis.lower()}" if key == "max" else "", 4)},'
            for axis in "XY"
        ]
    lines[-1] = lines[-1].rstrip(",")
    return "<pre>{\n" + "\n".join(f"  {line}" for line in lines) + "\n}</pre>"


def _bins(sheet: Sheet) -> str:
    """A result of sorting: bins with counts and percentages, and a yield."""
    counts = sheet.rng.multinomial(len(sheet.points), [0.86, 0.07, 0.04, 0.03])
    rows = []
    for i, count in enumerate(counts):
        share = sheet.number(f"Bin {i + 1} %", 100 * count / len(sheet.points), 1)
        rows.append((f"Bin {i + 1}", sheet.number(f"Bin {i + 1}", int(count), 0), f"{share}%"))
    rate = 100 * counts[0] / len(sheet.points)
    words = sheet.word("Result", "PASS" if rate >= 86 else "FAIL")
    tested = sheet.number("Units tested", len(sheet.points), 0, other="total")
    top = f"<p>Units tested: {tested}</p><p>Yield: {sheet.number('Yield', rate, 2)}%</p>"
    return f"<h3>Sort summary</h3>{top}{table(rows)}<p>Result: {words}</p>"


def _receipt(sheet: Sheet) -> str:
    """A strip of paper from a small printer."""
    rows = [("HOLES", sheet.total())]
    for key, label in (("mean", "AVG"), ("sigma", "SDEV"), ("3sigma", "3SIGMA")):
        rows += [(f"{axis} {label}", sheet.stat(axis, key, label)) for axis in "XY"]
    lines = ["*** DRILL CHECK ***", sheet.date("{d:02d}-{m:02d}-{y}") + "  " + sheet.time(), "-" * 24]
    return "<pre>" + "\n".join([*lines, *(f"{name:<14}{text:>10}" for name, text in rows), "-" * 24, "OK"]) + "</pre>"


def _small(sheet: Sheet) -> str:
    rows = [
        ("Holes", sheet.total()),
        *((f"{label} {axis}", sheet.stat(axis, key)) for key, label in AXES for axis in "XY"),
    ]
    plot = scatter(sheet.points, 12.0, "#3366cc", "#888", "left:6px;top:40px;width:250px;height:250px")
    side = table(rows, 0, "position:absolute;left:290px;top:60px")
    return f"<b>Hole map</b>{plot}{side}"


def _dense(sheet: Sheet) -> str:
    """A wide page with many fields: limits, statistics of X, Y and R, zones."""
    heads = [
        ("mean", "Mean"),
        ("sigma", "Std Dev"),
        ("min", "Min"),
        ("max", "Max"),
        ("median", "Median"),
        ("range", "Range"),
    ]
    body = [[axis, *(sheet.stat(axis, key, label) for key, label in heads)] for axis in "XYR"]
    statistics = table([["", *(label for _, label in heads)], *body], 1, "position:absolute;left:480px;top:90px")
    limits = [("USL", sheet.number("USL", sheet.limit)), ("LSL", sheet.number("LSL", -sheet.limit))]
    limits += [("Total holes", sheet.total()), ("Pass/Fail", sheet.word("Pass/Fail", "Pass"))]
    zones = sheet.zones("{}-{} µm", "{}+ µm")
    left = table(limits, 0, "position:absolute;left:480px;top:260px")
    right = table(zones, 0, "position:absolute;left:740px;top:260px")
    plot = scatter(sheet.points, 12.0, "#e83e8c", "#777", "left:20px;top:80px")
    return f"<h3>Hole position report</h3>{plot}{statistics}{left}{right}"


DARK = "body{background:#161b24;color:#e6edf3}"
RULES = "td,th{padding:4px 14px;border-bottom:1px solid #ddd;text-align:right}td:first-child{text-align:left}"
SCREENS = [
    Vendor(
        "dashboard, dark", "en", "Roboto", _dashboard, DARK + "b{font-size:30px}small{color:#9fb0c3}h2{margin:14px}"
    ),
    Vendor("key figures", "en", "Inter", _numbers, "b{font-size:26px}small{color:#666}"),
    Vendor(
        "terminal",
        "en",
        "DejaVu Sans Mono",
        _terminal,
        "body{background:#000;color:#3f6}pre{font:17px 'DejaVu Sans Mono';margin:16px}",
        (560, 360),
    ),
    Vendor("key and value cards", "en", "Open Sans", _cards, "h3{margin:12px}", (740, 380)),
    Vendor("log", "en", "Liberation Mono", _log, "p{margin:6px 16px}", (480, 340)),
    Vendor("cards", "zh-Hans", "WenQuanYi Micro Hei", _chinese, "b{font-size:21px}h3{margin:14px}", (1000, 460)),
    Vendor("two columns", "it", "Carlito", _italian, RULES + "h3{margin:14px}", (760, 300)),
    Vendor(
        "JSON in an editor",
        "en",
        "JetBrains Mono",
        _json,
        "body{background:#1e1e2e;color:#cdd6f4}pre{font:17px 'JetBrains Mono';margin:16px}",
        (480, 300),
    ),
    Vendor("bins", "en", "Roboto", _bins, RULES, (420, 360)),
    Vendor(
        "receipt",
        "en",
        "DejaVu Sans Mono",
        _receipt,
        "pre{font:18px 'DejaVu Sans Mono';margin:14px;color:#333}body{background:#f6f4ee}",
        (320, 330),
    ),
    Vendor(
        "small, 500 px", "en", "Liberation Sans", _small, "body{font-size:13px}td{padding:2px 10px 2px 0}", (500, 300)
    ),
    Vendor("large, 2000 px", "en", "Open Sans", _dense, RULES + "body{font-size:14px}", (1000, 560), 2.0),
]
