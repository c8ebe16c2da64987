"""Reports, protocols and spreadsheets as inspection machines and SPC programs print them."""

from browser import scatter
from vendor_sheet import INCH, MIL, MM, Sheet, Vendor, grid, jpeg, on_side, scanned, table

BORDERS = "td,th{border:1px solid #999;padding:4px 12px;text-align:right}th{background:#dfe6ee}"
SHORT = [("n", "Count"), ("mean", "Mean"), ("sigma", "StDev"), ("min", "Min"), ("max", "Max")]


def _plot(sheet: Sheet, place: str = "left:20px;top:130px", dots: str = "#1f6fd0") -> str:
    return scatter(sheet.points, 12.0, dots, "#777", place)


def _spreadsheet(sheet: Sheet) -> str:
    """A window of a spreadsheet, with letters for its columns and numbers for its rows."""
    body = [["Axis", *(label for _, label in SHORT)]]
    body += [[axis, *(sheet.stat(axis, key, label) for key, label in SHORT)] for axis in "XY"]
    body += [[""] * 6, ["USL", sheet.number("USL", sheet.limit, 1), "", "", "", ""]]
    body += [["LSL", sheet.number("LSL", -sheet.limit, 1), "", "", "", ""]]
    rows = [[f"<i>{i + 1}</i>", *row] for i, row in enumerate(body)]
    return table([["", *(f"<i>{letter}</i>" for letter in "ABCDEF")], *rows], 1, "margin:14px")


def _summary(sheet: Sheet) -> str:
    """A line about the lot above a table of statistics, and a plot below."""
    words = [("Lot", sheet.lot()), ("Date", sheet.date()), ("Operator", "J. Chen"), ("Serial", "DR-20418")]
    line = "".join(f"<span><b>{name}:</b> {sheet.word(name, text)}</span>" for name, text in words)
    heads = [("mean", "Mean"), ("sigma", "Std Dev"), ("min", "Min"), ("max", "Max"), ("range", "Range")]
    heads += [("median", "Median")]
    statistics = grid(sheet, heads, turned=True, corner="(µm)", place="position:absolute;left:520px;top:130px")
    total = f"<p style='position:absolute;left:520px;top:400px'>Total holes: {sheet.total()}</p>"
    return f"<div class=line>{line}</div>{_plot(sheet)}{statistics}{total}"


def _protocol(sheet: Sheet) -> str:
    head = table([["Charge", "Datum", "Prüfer", "Serien-Nr."],
                  [sheet.word("Charge", sheet.lot()), sheet.word("Datum", sheet.date("{d:02d}.{m:02d}.{y}")),
                   sheet.word("Prüfer", "Weber"), sheet.word("Serien-Nr.", "4711-08")]], 1)  # fmt: skip
    rows = [["Merkmal", "Wert", "Einheit"], ["Anzahl Bohrungen", sheet.total(), "Stk."]]
    for key, label in (("mean", "Mittelwert"), ("sigma", "Standardabweichung"), ("max", "Maximum"), ("min", "Minimum")):
        rows += [[f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}"), "µm"] for axis in "XY"]
    rows += [[f"Cpk {axis}", sheet.stat(axis, "cpk", f"Cpk {axis}"), ""] for axis in "XY"]
    return f"<h3>Prüfprotokoll Bohrbild</h3>{head}<br>{table(rows, 1)}"


def _capability(sheet: Sheet) -> str:
    """PROCESS CAPABILITY in capitals, three blocks side by side."""
    blocks = [
        [("USL", sheet.number("USL", sheet.limit, 3)), ("LSL", sheet.number("LSL", -sheet.limit, 3)),
         ("TARGET", sheet.number("TARGET", 0, 3)), ("SAMPLE SIZE", sheet.total("SAMPLE SIZE"))],
        [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}", 3))
         for key, label in (("mean", "MEAN"), ("sigma", "SIGMA")) for axis in "XY"],
        [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}"))
         for key, label in (("cp", "CP"), ("cpk", "CPK")) for axis in "XY"],
    ]  # fmt: skip
    tables = (table([(name, "=", text) for name, text in block], 0, "float:left;margin-right:36px") for block in blocks)
    return f"<h3>PROCESS CAPABILITY - HOLE POSITION (UM)</h3>{''.join(tables)}"


def _zones(sheet: Sheet) -> str:
    """Counts and percentages by distance, with a totals row at the foot."""
    rows = [["Distance (µm)", "Count", "%"]]
    zones = sheet.zones("{} - {}", "> {}")
    for field, (name, count) in zip(list(sheet.printed), zones, strict=True):
        share = 100 * int(count) / len(sheet.points)
        rows.append([name, count, sheet.number(f"{field} %", share, 1, other=f"{name} %")])
    rows.append(["Total", sheet.total(), sheet.number("Total %", 100, 1)])
    moments = [
        (f"{label} {axis}", sheet.stat(axis, key))
        for key, label in (("mean", "Mean"), ("sigma", "Sigma"))
        for axis in "XY"
    ]
    side = table(rows, 1, "position:absolute;left:480px;top:60px")
    below = table(moments, 0, "position:absolute;left:480px;top:400px")
    return _plot(sheet, "left:20px;top:60px", "#d2422a") + side + below


def _thousands(sheet: Sheet) -> str:
    rows = [("Drilled holes, total", sheet.total()), *sheet.zones("Holes {} to {} µm", "Holes over {} µm")]
    speed, feed = int(sheet.rng.integers(80, 180)) * 1000, float(sheet.rng.uniform(1, 4))
    rows += [("Spindle speed", sheet.number("Spindle speed", speed, 0) + " rpm")]
    rows += [("Table feed", sheet.number("Table feed", feed, 1) + " m/min")]
    return f"<h2>Drill Run Summary</h2>{table(rows)}"


def _exponents(sheet: Sheet) -> str:
    rows = [("PARAMETER", "VALUE (MM)")]
    for key, label in (("mean", "MEAN"), ("sigma", "STD DEV"), ("max", "MAXIMUM"), ("min", "MINIMUM")):
        rows += [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}", um=MM, form=".3E")) for axis in "XY"]
    return f"<p>MEASURED POINTS: {sheet.total('MEASURED POINTS')}</p>{table(rows)}<p>END OF REPORT</p>"


def _within_overall(sheet: Sheet) -> str:
    """One axis, as a capability study prints it: within and overall deviation, potential and overall capability."""
    x = sheet.stats["X"]
    within = x["sigma"] * float(sheet.rng.uniform(0.9, 0.98))
    data = [("LSL", -sheet.limit, 1), ("USL", sheet.limit, 1), ("Sample Mean", x["mean"], 5), ("Sample N", x["n"], 0)]
    data += [("StDev(Within)", within, 5), ("StDev(Overall)", x["sigma"], 5)]
    indices = [("Cp", sheet.limit / (3 * within), 2), ("Cpk", (sheet.limit - abs(x["mean"])) / (3 * within), 2)]
    overall = [("Pp", x["cp"], 2), ("Ppk", x["cpk"], 2)]
    others = {"Sample N": "total", "Sample Mean": "mean", "StDev(Overall)": "sigma"}
    boxes = (("Process Data", data), ("Potential (Within) Capability", indices), ("Overall Capability", overall))
    parts = []
    for title, rows in boxes:
        lines = [(n, sheet.number(n, v, places, other=others.get(n, ""))) for n, v, places in rows]
        parts.append(f"<div class=box><b>{title}</b>{table(lines)}</div>")
    return f"<h3>Process Capability Report for X position</h3>{''.join(parts)}"


def _tolerances(sheet: Sheet) -> str:
    rows = []
    for axis in "XY":
        name, error = f"Mean {axis}", sheet.stats[axis]["sigma"] / len(sheet.points) ** 0.5
        mean = sheet.stat(axis, "mean")
        rows.append((name, f"{mean} ± {sheet.number(f'{name} ±', error)} µm"))
    rows += [(f"Std dev {axis}", sheet.stat(axis, "sigma") + " µm") for axis in "XY"]
    diameter = float(sheet.rng.uniform(95, 105))
    rows += [
        (
            "Hole diameter",
            f"{sheet.number('Hole diameter', diameter, 1)} ± {sheet.number('Hole diameter ±', 2.5, 1)} µm",
        )
    ]
    plot = _plot(sheet, "left:520px;top:90px", "#7a3fb0")
    return f"<h2>Position of holes</h2>{plot}<p>n = {sheet.total()}</p>{table(rows)}"


def _chinese(sheet: Sheet) -> str:
    line = f"批號：{sheet.word('批號', sheet.lot())}　日期：{sheet.word('日期', sheet.date('{y}/{m:02d}/{d:02d}'))}"
    heads = [("mean", "平均值"), ("sigma", "標準差"), ("max", "最大值"), ("min", "最小值"), ("cpk", "Cpk")]
    body = grid(sheet, heads, turned=True, corner="項目", place="margin:14px 0")
    foot = f"孔總數：{sheet.total()}　判定：{sheet.word('判定', '合格')}"
    return f"<h3>鑽孔精度檢驗報告</h3><p>{line}</p>{body}<p>{foot}</p>"


def _japanese(sheet: Sheet) -> str:
    rows = [("ロット番号", sheet.word("ロット番号", sheet.lot())), ("穴数", sheet.total())]
    for key, label in (("mean", "平均値"), ("sigma", "標準偏差"), ("max", "最大値"), ("min", "最小値")):
        rows += [(f"{axis}{label}", sheet.stat(axis, key, f"{axis} {label}") + " μm") for axis in "XY"]
    rows += [("判定", sheet.word("判定", "合格"))]
    return f"<h3>穴位置検査成績書</h3>{table(rows)}{_plot(sheet, 'left:500px;top:110px')}"


def _french(sheet: Sheet) -> str:
    heads = [("mean", "Moyenne"), ("sigma", "Écart-type"), ("min", "Minimum"), ("max", "Maximum"), ("range", "Étendue")]
    line = f"Lot : {sheet.word('Lot', sheet.lot())} &nbsp; Opérateur : {sheet.word('Opérateur', 'Martin')}"
    body = grid(sheet, heads, corner="Axe")
    return f"<h3>Rapport de perçage</h3><p>{line}</p>{body}<p>Nombre de trous : {sheet.total()}</p>"


def _spanish(sheet: Sheet) -> str:
    rows = [
        ("Lote", sheet.word("Lote", sheet.lot())),
        ("Fecha", sheet.word("Fecha", sheet.date("{d:02d}/{m:02d}/{y}"))),
    ]
    rows += [("Total de agujeros", sheet.total())]
    for key, label in (("mean", "Media"), ("sigma", "Desviación estándar"), ("median", "Mediana"), ("range", "Rango")):
        rows += [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}") + " µm") for axis in "XY"]
    return "<h3>Informe de inspección</h3>" + "".join(f"<p>{name}: {text}</p>" for name, text in rows)


def _german_capability(sheet: Sheet) -> str:
    heads = [("mean", "Mittelwert"), ("sigma", "Std.-Abw."), ("range", "Spannweite"), ("cp", "Cp"), ("cpk", "Cpk")]
    limits = f"OSG {sheet.number('OSG', sheet.limit)} µm &nbsp;&nbsp; USG {sheet.number('USG', -sheet.limit)} µm"
    body = grid(sheet, heads, turned=True, corner="Kenngröße")
    return f"<h3>Fähigkeitsanalyse</h3><p>{limits}</p>{body}<p>Stichprobe n = {sheet.total('Stichprobe')}</p>"


def _two_heads(sheet: Sheet) -> str:
    """X and Y above groups of columns; one row of values."""
    heads = [("mean", "Mean"), ("sigma", "Sigma"), ("min", "Min"), ("max", "Max")]
    labels = "".join(f"<th>{label}</th>" for label in [label for _, label in heads] * 2)
    values = "".join(f"<td>{sheet.stat(axis, key, label)}</td>" for axis in "XY" for key, label in heads)
    top = "<tr><th rowspan=2>Holes</th><th colspan=4>X (µm)</th><th colspan=4>Y (µm)</th></tr>"
    rows = f"<table>{top}<tr>{labels}</tr><tr><td>{sheet.total()}</td>{values}</tr></table>"
    return f"<h3>Panel summary</h3>{rows}{_plot(sheet, 'left:20px;top:170px', '#2a8f4d')}"


def _mils(sheet: Sheet) -> str:
    rows = []
    for key, label in (("mean", "Average"), ("sigma", "Std. Dev."), ("max", "Maximum")):
        rows += [(f"{label} {axis}", sheet.stat(axis, key, f"{label} {axis}", 3, MIL) + " mil") for axis in "XY"]
    drill = sheet.number("Drill size", float(sheet.rng.integers(8, 20)) * MIL, 4, INCH) + '"'
    return f"<h3>Hole Registration</h3>{table([('Holes measured', sheet.total()), ('Drill size', drill), *rows])}"


def _incomplete(sheet: Sheet) -> str:
    """A table in which some values could not be measured."""
    heads = [("mean", "Mean"), ("sigma", "Std"), ("median", "Median"), ("cpk", "Cpk"), ("cv", "CV")]
    rows = [["", *(label for _, label in heads)]]
    rows += [["X", *(sheet.stat("X", key, label) for key, label in heads)]]
    rows += [["Y", sheet.stat("Y", "mean"), sheet.stat("Y", "sigma"), sheet.missing("Y Median"),
              sheet.missing("Y Cpk", "n/a"), sheet.stat("Y", "cv", "CV")]]  # fmt: skip
    foot = f"<p>Hole count: {sheet.total()}</p><p>Rejected: {sheet.missing('Rejected')}</p>"
    return f"<h3>Statistics</h3>{table(rows, 1)}{foot}"


def _trade(sheet: Sheet) -> str:
    rows = [["HOLE REGISTRATION ACCURACY", "X", "Y"]]
    for key, label in (
        ("mean", "AVE"),
        ("sigma", "SIGMA"),
        ("ave3s", "AVE+3S"),
        ("max", "MAX"),
        ("min", "MIN"),
        ("cpk", "CPK"),
    ):
        rows.append([label, *(sheet.stat(axis, key, f"{label} {axis}") for axis in "XY")])
    return f"{table(rows, 1)}<p>HOLES {sheet.total()}</p><p>TOLERANCE {sheet.number('TOLERANCE', 50, 0)} UM</p>"


HEADS = "th[colspan]{text-align:center!important}th{background:#355c8a;color:#fff}"
HEADS += "td,th{padding:5px 16px;text-align:right}tr:nth-child(odd) td{background:#eef3f9}"
SHEET = BORDERS + "i{font-style:normal;color:#777}td:first-child,th{background:#f3f3f3}td{min-width:70px}"
STUDY = ".box{float:left;margin:10px;padding:8px;border:1px solid #888}.box td{padding:2px 16px 2px 0}"
REPORTS = [
    Vendor("spreadsheet", "en", "Carlito", _spreadsheet, SHEET, (700, 300)),
    Vendor("summary line", "en", "Inter", _summary, BORDERS + ".line{padding:20px}.line span{margin-right:40px}"),
    Vendor("protocol", "de", "Liberation Sans", _protocol, BORDERS + "body{font-size:15px}", (640, 540), comma=True),
    Vendor("capability", "en", "Nimbus Mono PS", _capability, "td{padding:3px 8px}body{font-weight:bold}", (1000, 240)),
    Vendor("zones", "en", "Open Sans", _zones, BORDERS, (900, 560)),
    Vendor("thousands", "en", "Lato", _thousands, HEADS, (560, 420), group=",", holes=(12000, 60000)),
    Vendor("exponents", "en", "Courier Prime", _exponents, "td{padding:2px 24px 2px 0}", (560, 360)),
    Vendor("tolerances", "en", "Roboto Slab", _tolerances, "td{padding:6px 20px 6px 0}"),
    Vendor("inspection report", "zh-Hant", "AR PL UMing TW", _chinese, BORDERS + "body{font-size:19px}", (600, 420)),
    Vendor("inspection report", "ja", "IPAGothic", _japanese, BORDERS),
    Vendor("spreadsheet", "fr", "Nimbus Roman", _french, BORDERS, (760, 300), comma=True),
    Vendor("key: value", "es", "Roboto", _spanish, "p{margin:5px}", (520, 460), comma=True),
    Vendor("capability", "de", "Open Sans", _german_capability, HEADS, (520, 400), comma=True),
    Vendor("two rows of headings", "en", "Roboto Condensed", _two_heads, BORDERS + "th{text-align:center}"),
    Vendor("mil and inch", "en", "Roboto", _mils, HEADS, (520, 400)),
    Vendor("missing values", "en", "Liberation Sans", _incomplete, BORDERS, (640, 320)),
    Vendor("trade terms", "en", "Hack", _trade, "td,th{padding:3px 20px;text-align:right}", (640, 320)),
    Vendor(
        "on its side",
        "en",
        "Open Sans",
        _summary,
        BORDERS + ".line{padding:20px}.line span{margin-right:40px}",
        spoil=on_side,
    ),
    Vendor("scan, one degree", "en", "C059", _zones, BORDERS, (900, 560), spoil=scanned),
    Vendor("within and overall", "en", "Open Sans", _within_overall, STUDY, (840, 300)),
    Vendor("JPEG 60", "en", "Lato", _two_heads, HEADS, spoil=jpeg),
]
