"""Reports, protocols and certificates as the machines of factories print them."""

import numpy as np
from factory_plots import disc, histogram, svg, target, trend, wafer
from vendor_sheet import MM, Sheet, table

ANGSTROM = 1e-4  # um


def _bracketed(text: str) -> str:
    """The number as accountants write it, with brackets for minus."""
    return f"({text[1:]})" if text.startswith("-") else text


def registration(sheet: Sheet) -> str:
    """What the camera of a drilling machine prints: a line for each statistic, with X and Y in it, and a target."""
    words = [("Machine", "ND-6210E"), ("Board No", sheet.lot()), ("Date", sheet.date("{y}.{m:02d}.{d:02d}"))]
    top = "".join(f"<p><u>{name}</u>{sheet.word(name, text)}</p>" for name, text in words)
    top += f"<p><u>Hits</u>{sheet.total('Hits')}</p>"
    tool = sheet.number("Tool dia", float(sheet.rng.integers(15, 50)) / 100 * MM, 2, MM)
    rows = []
    for key, label in (("max", "Max."), ("min", "Min."), ("mean", "Ave."), ("sigma", "Sigma"), ("ave3s", "Ave.+3s")):
        cells = (f"{axis}: {sheet.stat(axis, key, f'{label} {axis}'.replace('.', ''), 1)}" for axis in "XY")
        rows.append((label, *cells, "um"))
    for key, label in (("cp", "Cp"), ("cpk", "Cpk")):
        rows.append((label, *(f"{axis}: {sheet.stat(axis, key, f'{label} {axis}')}" for axis in "XY")))
    plot = target(sheet.points, 15.0, 330, "#0a4", "position:absolute;left:470px;top:110px")
    head = "<h3>HOLE REGISTRATION ACCURACY REPORT</h3><hr>"
    return f"{head}{plot}{top}<p><u>Tool dia.</u>{tool} mm</p>{table(rows)}"


def gage(sheet: Sheet) -> str:
    """A gage study, as a statistics program prints it into its session window."""
    rng = sheet.rng
    repeat, operator, part = rng.uniform(0.008, 0.02), rng.uniform(0.003, 0.012), rng.uniform(0.03, 0.09)
    gage, total = np.hypot(repeat, operator), np.sqrt(repeat**2 + operator**2 + part**2)
    rows = [("Total Gage R&R", gage), ("  Repeatability", repeat), ("  Reproducibility", operator)]
    rows += [("Part-To-Part", part), ("Total Variation", total)]
    lines = ["Gage R&R Study - ANOVA Method", "", f"{'':<18}{'':>12}{'Study Var':>13}{'%Study Var':>13}"]
    lines += [f"{'Source':<18}{'StdDev (SD)':>12}{'(6 × SD)':>13}{'(%SV)':>13}"]
    for label, sd in rows:
        name = label.strip()
        cells = sheet.number(f"{name} StdDev", sd, 7), sheet.number(f"{name} Study Var", 6 * sd, 6)
        lines.append(
            f"{label:<18}{cells[0]:>12}{cells[1]:>13}{sheet.number(f'{name} %Study Var', 100 * sd / total):>13}"
        )
    categories = sheet.number("Number of Distinct Categories", int(1.41 * part / gage), 0)
    lines += ["", f"Number of Distinct Categories = {categories}", ""]
    sizes = (("Parts", rng.integers(8, 16)), ("Operators", rng.integers(2, 5)), ("Replicates", rng.integers(2, 4)))
    lines += ["   ".join(f"{name} = {sheet.number(name, int(size), 0)}" for name, size in sizes)]
    lines += ["", "* SD: standard deviation of the component"]
    return f"<pre>{chr(10).join(lines)}</pre>".replace("&", "&amp;")


def coordinates(sheet: Sheet) -> str:
    """A coordinate measuring machine's table: nominal and actual sizes, with a bar for the use of the tolerance."""
    rows = [["Characteristic", "Nominal", "Upper Tol", "Lower Tol", "Actual", "Deviation", ""]]
    sizes = (
        ("Bore A dia.", 12.0, 0.02),
        ("Bore B dia.", 8.5, 0.015),
        ("Slot width", 6.35, 0.05),
        ("Flatness C", 0.0, 0.03),
    )
    for label, size, grade in sizes:
        tolerance = grade * float(sheet.rng.integers(2, 9)) / 4
        name, flat = label.replace(".", ""), size == 0
        nominal = size if flat else size + float(sheet.rng.integers(0, 60)) / 4
        off = float(
            np.round(abs(sheet.rng.normal(0, 0.4)) * tolerance if flat else sheet.rng.normal(0, 0.45) * tolerance, 4)
        )
        cells = [("Nominal", nominal, ".4f"), ("Upper Tol", tolerance, "+.4f")]
        cells += [
            ("Lower Tol", 0.0 if flat else -tolerance, "+.4f"),
            ("Actual", nominal + off, ".4f"),
            ("Deviation", off, "+.4f"),
        ]
        numbers = [sheet.number(f"{name} {head}", value * MM, um=MM, form=form) for head, value, form in cells]
        spot = 40 + 34 * np.clip(off / tolerance, -1, 1)
        bar = f"<path d='M2 8H78M40 2V14M{spot - 3:.0f} 3h6v10h-6z' stroke='#444' fill='#06c'/>"
        rows.append([label, *numbers, svg((80, 16), bar, "")])
    words = (("Part", "HSG-2207-C"), ("Serial", f"SN-{sheet.lot()}"), ("Inspector", "K. Novak"))
    line = " &nbsp;&nbsp; ".join(f"{name}: {sheet.word(name, text)}" for name, text in words)
    return f"<h3>Dimensional Inspection Report</h3><p>{line}</p><p>All dimensions in millimetres</p>{table(rows, 1)}"


def hardness(sheet: Sheet) -> str:
    """A hardness test: a row of indentations, and the statistics below."""
    diagonals = np.round(sheet.rng.normal(sheet.rng.uniform(48, 58), 0.5, 6), 2)
    values = np.round(1.8544e6 / diagonals**2, 1)
    heads = [f"M{i + 1}" for i in range(6)]
    top = [sheet.number(f"{head} Diagonale", d) for head, d in zip(heads, diagonals, strict=True)]
    row = [sheet.number(f"{head} Härte", v, 1) for head, v in zip(heads, values, strict=True)]
    cells = [["Messpunkt", *heads], ["Diagonale [µm]", *top], ["Härte [HV 1]", *row]]
    results = [
        ("Mittelwert", values.mean()),
        ("Standardabweichung", values.std(ddof=1)),
        ("Spannweite", np.ptp(values)),
    ]
    below = [(name, f"{sheet.number(name, value, 1)} HV 1") for name, value in results]
    below += [("Prüfkraft", sheet.number("Prüfkraft", 9.807, 3) + " N")]
    below += [("Haltezeit", sheet.number("Haltezeit", int(sheet.rng.integers(10, 16)), 0) + " s")]
    words = (("Werkstoff", "16MnCr5"), ("Auftrag", sheet.lot()), ("Prüfdatum", sheet.date("{d:02d}.{m:02d}.{y}")))
    line = " | ".join(f"{name}: {sheet.word(name, text)}" for name, text in words)
    return f"<h3>Härteprüfung nach Vickers</h3><p>{line}</p>{table(cells, 1)}<br>{table(below, 0, 'margin-left:40px')}"


def control_chart(sheet: Sheet) -> str:
    """A sheet with the control charts of means and ranges."""
    size, groups = int(sheet.rng.integers(3, 6)), int(sheet.rng.integers(18, 28))
    a2, d4, d2 = {3: (1.023, 2.574, 1.693), 4: (0.729, 2.282, 2.059), 5: (0.577, 2.114, 2.326)}[size]
    data = sheet.rng.normal(sheet.rng.uniform(11.98, 12.02), sheet.rng.uniform(0.01, 0.02), (groups, size))
    means, ranges = data.mean(axis=1), np.ptp(data, axis=1)
    mean, width = float(means.mean()), float(ranges.mean())
    limits = [("Moyenne X̄", means, (mean + a2 * width, mean, mean - a2 * width))]
    limits += [("Étendue R", ranges, (d4 * width, width, 0.0))]
    heads = ("LSC", "LC", "LIC")
    rows, plots = [["", *heads]], ""
    for (label, values, lines), top in zip(limits, (230, 375), strict=True):
        name = label.split()[0]
        rows.append([label, *(sheet.number(f"{name} {h}", v * MM, 4, MM) for h, v in zip(heads, lines, strict=True))])
        plots += trend(values, lines, (700, 130), "#124", f"position:absolute;left:20px;top:{top}px", ".3f", ",")
    sigma = width / d2
    cp, cpk = 0.05 / (3 * sigma), (0.05 - abs(mean - 12)) / (3 * sigma)
    side = [("Effectif du sous-groupe", sheet.number("Effectif du sous-groupe", size, 0))]
    side += [("Nombre de sous-groupes", sheet.number("Nombre de sous-groupes", groups, 0))]
    side += [("Sigma estimé", sheet.number("Sigma estimé", sigma * MM, 5, MM))]
    side += [(name, sheet.number(name, value)) for name, value in (("Cp", cp), ("Cpk", cpk))]
    line = f"Caractéristique : {sheet.word('Caractéristique', 'Alésage')} &nbsp; Poste : {sheet.word('Poste', 'OP-40')}"
    right = table(side, 0, "position:absolute;left:430px;top:74px")
    return f"<h3>Carte de contrôle X̄ - R (mm)</h3><p>{line}</p>{table(rows, 1)}{right}{plots}"


def wafer_bins(sheet: Sheet) -> str:
    """A prober's summary of one wafer: bins, yield, and the map."""
    width = int(sheet.rng.integers(21, 31))
    dies = {die: int(sheet.rng.choice(5, p=[0.88, 0.04, 0.03, 0.03, 0.02])) for die in disc(width)}
    counts = [list(dies.values()).count(i) for i in range(5)]
    colours = ("#58b368", "#d9483b", "#efc94c", "#3a78c9", "#8d5ab5")
    rows = [["구분", "수량", "비율 (%)"]]
    for i, (count, kind) in enumerate(zip(counts, ("양품", "오픈", "쇼트", "누설", "기능"), strict=True)):
        name, share = f"BIN{i + 1}", 100 * count / len(dies)
        numbers = sheet.number(f"{name} 수량", count, 0), sheet.number(f"{name} 비율", share)
        rows.append([f"<i style='background:{colours[i]}'></i>{name} {kind}", *numbers])
    top = [("웨이퍼 ID", sheet.word("웨이퍼 ID", f"{sheet.lot()}-07")), ("측정 장비", sheet.word("측정 장비", "P-8XL"))]
    top += [("총 칩 수", sheet.number("총 칩 수", len(dies), 0, other="total"))]
    top += [("수율", sheet.number("수율", 100 * counts[0] / len(dies)) + " %")]
    plot = wafer(width, lambda i, j: colours[dies[i, j]], 330, "position:absolute;left:20px;top:60px")
    side = f"<div style='margin-left:390px'>{table(top)}<br>{table(rows, 1)}</div>"
    return f"<h3>웨이퍼 테스트 결과</h3>{side}{plot}"


def paste(sheet: Sheet) -> str:
    """Solder paste: height, area and volume in columns, with limits, and a histogram."""
    heads = (
        ("高度", "高度 (µm)", 128.0, 6.0, 1),
        ("面積", "面積 (%)", 98.0, 4.0, 1),
        ("體積", "體積 (%)", 103.0, 8.0, 1),
    )
    data = [
        sheet.rng.normal(sheet.rng.normal(mid, 3), spread * sheet.rng.uniform(0.8, 1.2), 800)
        for _, _, mid, spread, _ in heads
    ]
    limits = ((190.0, 80.0), (150.0, 60.0), (165.0, 55.0))
    shift = float(sheet.rng.integers(-4, 5))
    columns = []
    for values, (high, low) in zip(data, limits, strict=True):
        columns.append((values.mean(), values.std(), values.max(), values.min(), high + shift, low + shift))
    rows = [["", *(head for _, head, *_ in heads)]]
    for i, label in enumerate(("平均值", "標準差", "最大值", "最小值", "規格上限", "規格下限")):
        cells = (sheet.number(f"{label} {h[0]}", c[i], h[4]) for h, c in zip(heads, columns, strict=True))
        rows.append([label, *cells])
    count = sheet.number("檢測焊點數", int(sheet.rng.integers(2000, 9000)), 0, other="total")
    line = f"機種：{sheet.word('機種', 'MB-7731')}　工單：{sheet.word('工單', sheet.lot())}　檢測焊點數：{count}"
    plot = histogram(data[2], 24, (330, 200), "#5b8fd6", "position:absolute;left:500px;top:120px")
    return f"<h3>錫膏檢測統計表（SPI）</h3><p>{line}</p>{table(rows, 1)}{plot}<p class=foot>＊ 體積分佈如右圖</p>"


def film(sheet: Sheet) -> str:
    """A film's thickness over a wafer: two bands of headings with a value below each, and a map."""
    radius = np.repeat(np.linspace(0, 1, 4), (1, 8, 16, 24))
    angle = np.concatenate([np.arange(n) * 2 * np.pi / n for n in (1, 8, 16, 24)])
    wanted = float(sheet.rng.choice([2500, 5000, 8000]))
    sites = wanted * (1 + sheet.rng.normal(0, 0.004)) + sheet.rng.normal(0, 9, 49) + sheet.rng.normal(0, 40) * radius**2
    sites = sites.round(1)
    first = [("Mean (Å)", sites.mean(), 1), ("Std Dev (Å)", sites.std(), 1), ("Min (Å)", sites.min(), 1)]
    first += [("Max (Å)", sites.max(), 1), ("Range (Å)", np.ptp(sites), 1)]
    second = [("Uniformity (%)", 50 * np.ptp(sites) / sites.mean(), 3), ("Sites", 49, 0), ("Target (Å)", wanted, 0)]
    second += [("Index n", sheet.rng.normal(1.462, 0.002), 4), ("GOF", sheet.rng.uniform(0.985, 0.9995), 4)]
    bands = ""
    for band in (first, second):
        names = [head.split(" (")[0] for head, *_ in band]
        units = [ANGSTROM if "Å" in head else 1.0 for head, *_ in band]
        others = ["total" if name == "Sites" else "" for name in names]
        printed = zip(names, units, others, band, strict=True)
        cells = [sheet.number(n, v * u, p, u, other=o) for n, u, o, (_, v, p) in printed]
        bands += table([[head for head, *_ in band], cells], 1, "margin:14px 0")
    share = (sites - sites.min()) / np.ptp(sites)
    places = 150 + 132 * radius * (np.cos(angle), np.sin(angle))
    dots = "".join(
        f"<circle cx='{x:.0f}' cy='{y:.0f}' r='12' fill='hsl({240 - 240 * s:.0f},80%,55%)'/>"
        for x, y, s in zip(*places, share, strict=True)
    )
    plot = svg((300, 300), f"<circle cx='150' cy='150' r='147' fill='#eee' stroke='#777'/>{dots}", "margin-left:120px")
    words = (("Recipe", "OX-PECVD"), ("Wafer", f"{sheet.lot()}.12"))
    line = " &nbsp; ".join(f"{name}: {sheet.word(name, text)}" for name, text in words)
    return f"<h3>Film Thickness Map</h3><p>{line}</p>{bands}{plot}"


def plating(sheet: Sheet) -> str:
    """Thickness of gold and nickel by zone, under two rows of headings."""
    heads = ("Media", "Dev. std.", "Min", "Max")
    lines = ["<tr><th rowspan=2>Zona</th><th colspan=4>Au (µm)</th><th colspan=4>Ni (µm)</th></tr>"]
    lines += ["<tr>" + "".join(f"<th>{head}</th>" for head in heads * 2) + "</tr>"]
    for zone in ("Bordo", "Centro"):
        cells = ""
        for metal, mid, places in (("Au", 0.055, 3), ("Ni", 4.3, 2)):
            values = sheet.rng.normal(mid * sheet.rng.uniform(0.9, 1.15), mid * 0.06, 20)
            for head, value in zip(heads, (values.mean(), values.std(), values.min(), values.max()), strict=True):
                cells += f"<td>{sheet.number(f'{zone} {metal} {head}'.replace('.', ''), value, places)}</td>"
        lines.append(f"<tr><td>{zone}</td>{cells}</tr>")
    bath = sheet.number("Temperatura bagno", sheet.rng.uniform(80, 90), 1)
    count = sheet.number("Letture per zona", int(sheet.rng.integers(10, 41)), 0)
    words = (("Commessa", sheet.lot()), ("Strumento", "XRF-200"), ("Data", sheet.date("{d:02d}/{m:02d}/{y}")))
    line = " &nbsp;&nbsp; ".join(f"{name}: <b>{sheet.word(name, text)}</b>" for name, text in words)
    foot = f"<p>Letture per zona: {count}</p><p>Temperatura bagno: {bath} °C</p>"
    return f"<h3>Rapporto di prova: spessore ENIG</h3><p>{line}</p><table>{''.join(lines)}</table>{foot}"


def voids(sheet: Sheet) -> str:
    """Voids in solder balls seen by X-rays."""
    rows, balls = [["端子", "ボイド率 (%)", "最大径 (mm)", "個数"]], ""
    limit = int(sheet.rng.choice([15, 20, 25, 30]))
    rates = np.round(sheet.rng.gamma(4, 2.2, 5), 1)
    for i, rate in enumerate(rates):
        name, count = f"No.{i + 1}", int(sheet.rng.integers(1, 9))
        spots = sheet.rng.uniform(-18, 18, (count, 2)) + 40
        cells = [sheet.number(f"{name} ボイド率", rate, 1)]
        cells += [sheet.number(f"{name} 最大径", sheet.rng.uniform(0.05, 0.22) * MM, 3, MM)]
        rows.append([name, *cells, sheet.number(f"{name} 個数", count, 0)])
        body = "<circle cx='40' cy='40' r='34' fill='#222'/>"
        body += "".join(f"<circle cx='{x:.0f}' cy='{y:.0f}' r='{3 + rate / 4:.0f}' fill='#aaa'/>" for x, y in spots)
        balls += svg((80, 80), body, "margin:2px;background:#c4c4c4")
    below = [("平均ボイド率", f"{sheet.number('平均ボイド率', rates.mean(), 1)}%")]
    below += [("管電圧", sheet.number("管電圧", int(sheet.rng.integers(80, 131)), 0) + " kV")]
    below += [("判定基準", sheet.number("判定基準", limit, 0) + "% 以下")]
    below += [("判定", sheet.word("判定", "合格" if rates.max() <= limit else "不合格"))]
    head = f"<h3>X線ボイド検査報告書</h3><p>基板番号：{sheet.word('基板番号', sheet.lot())}</p>"
    return f"{head}<div>{balls}</div>{table(rows, 1, 'margin:10px 0')}{table(below)}"


def laser(sheet: Sheet) -> str:
    """A certificate of a laser power meter: exponents, plus-minus, brackets for minus, footnotes."""
    rng = sheet.rng
    rows = [["Level", "Applied (W)", "Indicated (W)", "Error<sup>1)</sup> (%)"]]
    for i, power in enumerate((1.0, 5.0, 10.0, 20.0)):
        applied, error = power * rng.uniform(0.97, 1.03), rng.normal(0, 0.6)
        values = (("Applied", applied, 3), ("Indicated", applied * (1 + error / 100), 3), ("Error", error, 2))
        rows.append([f"L{i + 1}", *(_bracketed(sheet.number(f"L{i + 1} {h}", v, p)) for h, v, p in values)])
    sensitivity = sheet.number("Sensitivity", rng.normal(1.21e-4, 2e-6), form=".3E")
    spread = sheet.number("Sensitivity ±", rng.uniform(8e-7, 2e-6), form=".1E")
    lines = [f"Sensitivity: {sensitivity} ± {spread} V/W"]
    warm, band = (
        sheet.number("Ambient", rng.normal(23, 0.4), 1),
        sheet.number("Ambient ±", float(rng.choice([0.3, 0.5, 0.8])), 1),
    )
    lines += [f"Ambient: {warm} ± {band} °C"]
    lines += [f"Wavelength: {sheet.number('Wavelength', int(rng.choice([532, 808, 1064, 1550])) * 1e-3, 0, 1e-3)} nm"]
    words = (("Sensor", "TPS-30A"), ("Certificate", f"C-{sheet.lot()}"))
    lines = [f"{name}: {sheet.word(name, text)}" for name, text in words] + lines
    foot = "<p class=foot>1) Indicated minus applied; brackets denote negative values.</p>"
    top = "".join(f"<p>{line}</p>" for line in lines)
    return f"<h3>Calibration Certificate &ndash; Optical Power</h3>{top}{table(rows, 1)}{foot}"


def weighing(sheet: Sheet) -> str:
    """A weighing station's slip: a small heading and a big number in every box."""
    rng = sheet.rng
    tare, pieces, unit = round(float(rng.uniform(1.2, 2.4)), 3), int(rng.integers(1200, 4800)), rng.uniform(2.1, 6.9)
    net = round(pieces * unit / 1000, 3)
    wanted = round(net - float(rng.normal(0, 0.02)), 3)
    boxes = [("Peso bruto", net + tare, 3, "kg"), ("Tara", tare, 3, "kg"), ("Peso neto", net, 3, "kg")]
    boxes += [("Piezas", pieces, 0, "ud."), ("Peso unitario", unit, 3, "g"), ("Peso objetivo", wanted, 3, "kg")]
    boxes += [("Diferencia", 1000 * (net - wanted), 1, "g"), ("Humedad", rng.uniform(35, 60), 1, "%")]
    boxes += [("Temperatura", rng.uniform(18, 27), 1, "°C")]
    cells = "".join(f"<div class=box>{n}<br><b>{sheet.number(n, v, p)} {u}</b></div>" for n, v, p, u in boxes)
    words = (("Báscula", "BX-30"), ("Operario", "R. Ortega"), ("Lote", sheet.lot()))
    line = " &nbsp;&nbsp; ".join(f"{name}: {sheet.word(name, text)}" for name, text in words)
    return f"<h3>ESTACIÓN DE PESAJE Nº A4</h3><p>{line}</p>{cells}"
