"""Screens of the programs and machines of factories: dialogs, DOS programs, logs, dashboards, control panels."""

import numpy as np
from factory_plots import bars, svg, target, trend
from vendor_sheet import MM, Sheet, table

# Counts of what was inspected, which may also count as read under the name of all counts of this kind.
COUNTS = {"Parts tested": "total", "N": "total", "Geprüfte Bauteile": "total"}


def _box(title: str, body: str, place: str) -> str:
    """A group box of a dialog."""
    return f"<fieldset style='{place}'><legend>{title}</legend>{body}</fieldset>"


def _edit(name: str, text: str, unit: str = "") -> tuple[str, str, str]:
    """A row of a dialog: a name, a sunken field with a value, and a unit."""
    return name, f"<div class=edit>{text}</div>", unit


def particle_counter(sheet: Sheet) -> str:
    """A DOS program of a particle counter: channels with their sizes, counts, and counts per volume."""
    sizes, rng = (0.3, 0.5, 1.0, 5.0), sheet.rng
    counts = np.sort(rng.poisson(rng.uniform(2000, 9000) * np.array([1, 0.31, 0.06, 0.004])))[::-1]
    lines = [f"{'CHAN':<6}{'SIZE um':>9}{'COUNT':>10}{'/m3':>12}", "-" * 37]
    for i, (size, count) in enumerate(zip(sizes, counts, strict=True)):
        name = f"CH{i + 1}"
        cells = sheet.number(f"{name} SIZE", size, 1), sheet.number(f"{name} COUNT", int(count), 0)
        lines.append(f"{name:<6}{cells[0]:>9}{cells[1]:>10}{sheet.number(f'{name} /m3', count / 0.0283, 0):>12}")
    others = (("FLOW", 28.3 + rng.normal(0, 0.2), 1, "L/min"), ("TEMP", rng.normal(21.5, 0.6), 1, "C"))
    others += (("RH", rng.normal(44, 3), 1, "%"), ("CYCLE", int(rng.integers(1, 60)), 0, ""))
    lines += ["-" * 37, *(f"{n:<8}{sheet.number(n, v, p):>8} {unit}" for n, v, p, unit in others)]
    place = sheet.word("LOCATION", f"ROOM-{rng.choice(list('ABCD'))}{rng.integers(2, 9)}")
    head = f"<div class=bar> LASER PARTICLE COUNTER  V2.10   {sheet.date('{d:02d}-{m:02d}-{y}')}  {sheet.time()}</div>"
    keys = "<div class=bar> F1 Help  F2 Start  F3 Stop  F7 Print  ESC Quit</div>"
    return f"<pre>{head}\n LOCATION {place}\n\n {(chr(10) + ' ').join(lines)}\n\n{keys}</pre>"


def leak_tester(sheet: Sheet) -> str:
    """A grey dialog of a leak tester, with group boxes and sunken fields."""
    rng = sheet.rng
    start = round(float(rng.uniform(298, 303)), 2)
    drop, tested = round(float(rng.uniform(0.02, 0.4)), 2), int(rng.integers(300, 4000))
    bad = int(tested * rng.uniform(0.004, 0.03))
    times = (("Fill time", rng.choice([3.0, 4.0, 5.0]), 1), ("Settle time", rng.uniform(2, 6), 1))
    times += (("Test time", rng.choice([6.0, 8.0, 10.0]), 1),)
    left = table([_edit(f"{n}:", sheet.number(n, float(v), p), "s") for n, v, p in times])
    pressures = (("Start pressure", start, 2), ("End pressure", start - drop, 2), ("Pressure drop", drop, 2))
    right = table([_edit(f"{n}:", sheet.number(n, v, p), "kPa") for n, v, p in pressures])
    rate = sheet.number("Leak rate", drop * rng.uniform(0.8, 1.2) * 4e-2, form=".2E")
    limit = sheet.number("Reject limit", float(rng.integers(12, 25)) * 1e-3, form=".2E")
    middle = table([_edit("Leak rate:", rate, "mbar·l/s"), _edit("Reject limit:", limit, "mbar·l/s")])
    counters = (("Parts tested", tested, 0), ("Accepted", tested - bad, 0), ("Rejected", bad, 0))
    counters += (("Reject rate", 100 * bad / tested, 2),)
    counted = [_edit(f"{n}:", sheet.number(n, v, p, other=COUNTS.get(n, "")), "%" if p else "") for n, v, p in counters]
    status = f"Program: {sheet.word('Program', 'VALVE_B4')}<span>Station: {sheet.word('Station', 'LT-2')}</span>"
    boxes = _box("Times", left, "left:12px;top:34px;width:230px") + _box(
        "Pressure", right, "left:290px;top:34px;width:270px"
    )
    boxes += _box("Leak", middle, "left:290px;top:172px;width:270px") + _box(
        "Counters", table(counted), "left:12px;top:172px;width:230px"
    )
    return f"<div class=title>LeakTest 4.2 - [Result]<b>×</b></div>{boxes}<div class=status>{status}</div>"


def placement(sheet: Sheet) -> str:
    """A dialog of a placement machine: offsets of components by axis, and a target."""
    rng = sheet.rng
    rows = [["", "均值", "标准差", "3σ", "最大值", "Cpk"]]
    for axis in "XY":
        known = [
            sheet.number(f"{key}_{axis.lower()}", sheet.stats[axis][key], 1, other=f"{axis} {label}")
            for key, label in (("mean", "均值"), ("sigma", "标准差"))
        ]
        others = (("3sigma", "3σ", 1), ("max", "最大值", 1), ("cpk", "Cpk", 2))
        rows.append([f"{axis} (µm)", *known, *(sheet.stat(axis, k, f"{axis} {label}", p) for k, label, p in others)])
    angles = rng.normal(rng.normal(0, 0.03), rng.uniform(0.02, 0.06), 400)
    mean, sigma = float(angles.mean()), float(angles.std())
    values = (("均值", mean, 3), ("标准差", sigma, 3), ("3σ", 3 * sigma, 3), ("最大值", float(angles.max()), 3))
    values += (("Cpk", (0.25 - abs(mean)) / (3 * sigma), 2),)
    rows.append(["θ (°)", *(sheet.number(f"θ {label}", value, places) for label, value, places in values)])
    words = (("程序", "PCB-A103"), ("吸嘴", "CN140"), ("批号", sheet.lot()))
    info = table([_edit(name, sheet.word(name, text)) for name, text in words])
    count = table([_edit("元件数", sheet.number("元件数", len(sheet.points), 0, other="total"), "pcs")])
    boxes = _box("生产信息", info, "left:14px;top:66px;width:200px;height:120px")
    boxes += _box("统计结果", count + table(rows, 1, "margin-top:8px"), "left:14px;top:210px;width:470px;height:190px")
    boxes += _box(
        "偏移分布",
        target(sheet.points, 12.0, 270, "#00f", "background:#fff"),
        "left:510px;top:66px;width:285px;height:334px",
    )
    menu = "<div class=menu>文件(F)　编辑(E)　查看(V)　帮助(H)</div>"
    return f"<div class=title>贴装精度分析<b>×</b></div>{menu}{boxes}"


def torque(sheet: Sheet) -> str:
    """A DOS program, white on blue: two settings or statistics in a line, and a histogram of blocks."""
    rng = sheet.rng
    values = rng.normal(rng.uniform(2.3, 2.6), rng.uniform(0.03, 0.08), int(rng.integers(25, 400)))
    mean, sigma, high, low = (
        float(values.mean()),
        float(values.std(ddof=1)),
        2.45 + float(rng.choice([0.3, 0.35, 0.4])),
        2.05,
    )
    pairs = [("N", len(values), 0), ("UNIT NO", int(rng.integers(2, 40)), 0), ("XBAR", mean, 4), ("S", sigma, 4)]
    pairs += [("MAX", values.max(), 3), ("MIN", values.min(), 3), ("USL", high, 3), ("LSL", low, 3)]
    pairs += [("CP", (high - low) / (6 * sigma), 2), ("CPK", min(high - mean, mean - low) / (3 * sigma), 2)]
    texts = [
        f"{name:<8}= {sheet.number(name, value, places, other=COUNTS.get(name, '')):<12}"
        for name, value, places in pairs
    ]
    lines = [a + b for a, b in zip(texts[::2], texts[1::2], strict=True)]
    counts, _ = np.histogram(values, 7)
    blocks = [f"{'█' * round(24 * count / counts.max())}" for count in counts]
    head = f"TORQUE ANALYZER   MODEL {sheet.word('MODEL', 'TQ-88')}   TOOL {sheet.word('TOOL', 'DRV-' + sheet.lot())}"
    body = "\n".join([head, "", "STATISTICS (Nm)", "", *lines, "", "DISTRIBUTION", *blocks, "", "PRESS ANY KEY"])
    return f"<pre>{body}</pre>"


def defects(sheet: Sheet) -> str:
    """A dashboard of optical inspection: figures under their headings, and bars with counts and percentages."""
    rng = sheet.rng
    parts, boards = int(rng.integers(20000, 99000)), int(rng.integers(1100, 3000))
    counts = rng.multinomial(int(rng.integers(90, 400)), [0.38, 0.26, 0.2, 0.16])
    faults = int(counts.sum())
    tiles = [("Geprüfte Bauteile", parts, 0, ""), ("Leiterplatten", boards, 0, ""), ("Fehler gesamt", faults, 0, "")]
    tiles += [("Fehlerrate", 1e6 * faults / parts, 0, "ppm"), ("First Pass Yield", 100 - rng.uniform(0.5, 6), 2, "%")]
    tiles += [("Taktzeit", rng.uniform(18, 32), 1, "s")]
    cells = "".join(
        f"<div class=card>{n}<br><b>{sheet.number(n, v, p, other=COUNTS.get(n, ''))}</b> {u}</div>"
        for n, v, p, u in tiles
    )
    rows = []
    for name, count in zip(("Lotbrücke", "Versatz", "Fehlend", "Polarität"), counts, strict=True):
        bar = svg((220, 18), f"<rect width='{220 * count / counts.max():.0f}' height='18' fill='#e08a1e'/>", "")
        share = sheet.number(f"{name} %", 100 * count / faults, 1)
        rows.append((name, bar, f"{sheet.number(name, int(count), 0)} ({share} %)"))
    shift = sheet.word("Schicht", str(rng.choice(["Früh", "Spät", "Nacht"])))
    head = f"<h2>AOI Linie B</h2><p>Schicht: {shift} &nbsp; Auftrag: {sheet.word('Auftrag', sheet.lot())}</p>"
    return f"{head}<div class=cards>{cells}</div><div class=list>Fehlerarten{table(rows)}</div>"


def vision_log(sheet: Sheet) -> str:
    """The log of a vision system: times, and values with units glued on, several in a line."""
    rng = sheet.rng
    second = float(rng.uniform(10, 50))
    clock = sheet.time()
    texts = [("INFO ", f"job={sheet.word('job', 'ALIGN_' + sheet.lot())} camera={sheet.word('camera', 'CAM2')}")]
    for i in range(4):
        name = f"FID{i + 1}"
        shifts = (
            f"{d}={sheet.number(f'{name} {d}', rng.normal(0, 0.02) * MM, um=MM, form='+.4f')}mm" for d in ("dx", "dy")
        )
        texts.append(
            ("INFO ", f"{name} {' '.join(shifts)} score={sheet.number(f'{name} score', rng.uniform(0.8, 1), 3)}")
        )
    scale = sheet.number("scale", rng.normal(1, 0.0002), 6)
    texts += [("INFO ", f"rotation={sheet.number('rotation', rng.normal(0, 0.05), form='+.4f')}deg scale={scale}")]
    exposure, gain = sheet.number("exposure", rng.uniform(2, 9), 2), sheet.number("gain", rng.uniform(1, 4), 1)
    texts += [("WARN ", f"exposure={exposure}ms gain={gain}dB")]
    elapsed = sheet.number("elapsed", int(rng.integers(120, 900)), 0)
    texts += [("INFO ", f"elapsed={elapsed}ms result={sheet.word('result', 'OK')}")]
    lines = []
    for level, text in texts:
        second += float(rng.uniform(0.05, 0.4))
        lines.append(f"{clock}:{second:06.3f} {level} {text}")
    return f"<pre>{chr(10).join(lines)}</pre>"


def hole_lines(sheet: Sheet) -> str:
    """The result window of a Japanese drilling machine: free lines with X and Y in each."""
    lines = [
        f"ロット：{sheet.word('ロット', sheet.lot())}　　工具：{sheet.word('工具', 'T02')}",
        f"測定穴数 n = {sheet.total('測定穴数')}",
    ]
    for key, label in (("mean", "平均"), ("sigma", "標準偏差"), ("max", "最大"), ("min", "最小")):
        lines.append(f"{label}　" + "　　".join(f"{a} = {sheet.stat(a, key, f'{label} {a}', 2)}" for a in "XY"))
    lines += ["Cpk　" + "　　".join(f"{axis} = {sheet.stat(axis, 'cpk', f'Cpk {axis}')}" for axis in "XY")]
    lines += [
        f"公差 ± {sheet.number('公差', sheet.limit, 1)}",
        f"主軸回転数 {sheet.number('主軸回転数', int(sheet.rng.integers(80, 201)) * 1000, 0)} rpm",
    ]
    plot = target(sheet.points, 16.0, 300, "#c0c", "position:absolute;left:430px;top:60px")
    return f"<h3>穴位置精度測定　単位：μm</h3>{''.join(f'<p>{line}</p>' for line in lines)}{plot}"


def spindles(sheet: Sheet) -> str:
    """Hole position by spindle of a drilling machine: two rows of headings, and bars."""
    heads = (("最大值", 1), ("平均+3σ", 1), ("Cp", 2), ("Cpk", 2))
    top = "<tr><th rowspan=2>主軸</th><th colspan=2>偏移量 (µm)</th><th colspan=2>製程能力</th></tr>"
    lines, worst = top + "<tr>" + "".join(f"<th>{head}</th>" for head, _ in heads) + "</tr>", []
    limit = float(sheet.rng.choice([50, 60, 75, 80]))
    for i in range(4):
        mean, sigma = sheet.rng.uniform(6, 12), sheet.rng.uniform(6, 9)
        values = (mean + sigma * sheet.rng.uniform(2.6, 3.6), mean + 3 * sigma)
        values += (limit / (3 * sigma), (limit - mean) / (3 * sigma))
        cells = (f"<td>{sheet.number(f'Z{i + 1} {h}', v, p)}</td>" for (h, p), v in zip(heads, values, strict=True))
        lines += f"<tr><td>Z{i + 1}</td>{''.join(cells)}</tr>"
        worst.append(values[0] / 46)
    words = (("機台", "DRL-07"), ("料號", f"P{sheet.lot()}"), ("判定", "允收"))
    line = "　".join(f"{name}：{sheet.word(name, text)}" for name, text in words)
    foot = (
        f"規格 {sheet.number('規格', limit, 0)} µm　疊板數 {sheet.number('疊板數', int(sheet.rng.integers(1, 5)), 0)}"
    )
    plot = bars(worst, (190, 150), "#7fb2a0", "position:absolute;left:420px;top:80px")
    return f"<h3>孔位精度報告</h3><p>{line}</p><table>{lines}</table><p>{foot}</p>{plot}"


def tightening(sheet: Sheet) -> str:
    """Five tightenings in a row of columns, with their mean, and a trend."""
    rng, heads = sheet.rng, [f"{i + 1}회" for i in range(5)]
    rows = [["항목", *heads, "평균"]]
    series = (
        ("체결 토크", "N·m", rng.normal(12, 0.4, 5).round(2), 2),
        ("풀림 토크", "N·m", rng.normal(9.4, 0.5, 5).round(2), 2),
    )
    series += (("회전 각도", "°", rng.normal(74, 4, 5).round(1), 1),)
    for name, unit, values, places in series:
        means = [*values.tolist(), float(values.mean())]
        cells = (sheet.number(f"{name} {h}", v, places) for h, v in zip([*heads, "평균"], means, strict=True))
        rows.append([f"{name} ({unit})", *cells])
    words = (("품번", f"BT-{sheet.lot()}"), ("작업자", "김민수"), ("판정", "합격"))
    line = "　".join(f"{name} : {sheet.word(name, text)}" for name, text in words)
    plot = trend(series[0][2], (11.0, 13.0), (640, 150), "#a33", "margin-bottom:12px", ".1f")
    return f"<h3>토크 시험 성적서</h3><p>{line}</p>{plot}{table(rows, 1)}"


def features(sheet: Sheet) -> str:
    """Cards of measured features, with a line for each value."""
    cards = ""
    for title, size, grade in (
        ("Alésage A", 12.0, 0.02),
        ("Alésage B", 25.0, 0.03),
        ("Entraxe C", 63.5, 0.08),
        ("Hauteur D", 18.2, 0.05),
    ):
        tolerance = round(grade * float(sheet.rng.choice([0.5, 1.0, 1.5, 2.0])), 3)
        off = round(float(sheet.rng.normal(0, 0.45)) * tolerance, 3)
        nominal = size + float(sheet.rng.integers(0, 40)) / 10
        values = (("Nominal", nominal, ".3f"), ("Mesuré", nominal + off, ".3f"), ("Écart", off, "+.3f"))
        rows = [(h, sheet.number(f"{title} {h}", v * MM, um=MM, form=f)) for h, v, f in values]
        rows.append(("Tolérance", f"± {sheet.number(f'{title} Tolérance', tolerance * MM, 3, MM)}"))
        state = "ok" if abs(off) <= tolerance else "bad"
        cards += f"<div class='card {state}'><h4>{title}</h4>{table(rows)}</div>"
    words = (("Pièce", "Carter-7"), ("Gamme", f"G{sheet.lot()}"), ("Contrôleur", "Lefèvre"))
    line = " &nbsp; ".join(f"{name} : {sheet.word(name, text)}" for name, text in words)
    return f"<h3>Contrôle tridimensionnel (mm)</h3><p>{line}</p>{cards}"


def safety_tester(sheet: Sheet) -> str:
    """A touch panel of an electrical safety tester: steps with different units glued to their values."""
    rng = sheet.rng
    rows = [["STEP", "OUTPUT", "READING", "HI LIMIT", "TIME"]]
    steps = (
        (
            "ACW",
            (rng.uniform(1.2, 1.8), 3, "kV"),
            (rng.uniform(0.2, 0.8), 3, "mA"),
            (float(rng.integers(2, 6)) / 2, 3, "mA"),
        ),
    )
    steps += (("DCW", (rng.uniform(1.9, 2.4), 3, "kV"), (rng.uniform(3, 40), 1, "uA"), (50.0, 1, "uA")),)
    steps += (("IR", (rng.uniform(480, 520), 0, "V"), (rng.uniform(0.8, 9.5), 2, "Gohm"), (50.0, 2, "Gohm")),)
    steps += (("GB", (rng.uniform(24, 31), 1, "A"), (rng.uniform(20, 80), 1, "mohm"), (100.0, 1, "mohm")),)
    for step, *values in steps:
        cells = [sheet.number(f"{step} {h}", v, p) + u for h, (v, p, u) in zip(rows[0][1:], values, strict=False)]
        rows.append([step, *cells, sheet.number(f"{step} TIME", float(rng.choice([1.0, 2.0, 3.0, 5.0])), 1) + "s"])
    line = f"MODEL {sheet.word('MODEL', 'ST-5300')} &nbsp; SERIAL {sheet.word('SERIAL', sheet.lot())}"
    return f"<p>{line}</p>{table(rows, 1)}<div class=pass>PASS</div><div class=key>TEST</div><div class=key>RESET</div>"


def oven(sheet: Sheet) -> str:
    """A reflow oven: set and actual temperatures by zone, a profile, and figures below it."""
    rng, zones = sheet.rng, [f"Zone {i + 1}" for i in range(6)]
    wanted = np.array([120, 150, 170, 190, 230, 250]) + rng.integers(-4, 5)
    actual = wanted + rng.normal(0, 1.2, 6)
    rows = [["°C", *zones], ["Set"], ["Actual"]]
    rows[1] += [sheet.number(f"{zone} Set", int(value), 0) for zone, value in zip(zones, wanted, strict=True)]
    rows[2] += [sheet.number(f"{zone} Actual", value, 1) for zone, value in zip(zones, actual, strict=True)]
    profile = np.concatenate([np.linspace(25, wanted[0], 5), wanted[1:], np.linspace(wanted[5] - 5, 90, 4)])
    figures = (("Peak", wanted[5] - rng.uniform(3, 9), 1, "°C"), ("Time above liquidus", rng.uniform(45, 80), 0, "s"))
    figures += (("Slope", rng.uniform(1.2, 2.6), 2, "°C/s"), ("Conveyor", rng.uniform(70, 95), 1, "cm/min"))
    cells = "".join(f"<div class=fig><b>{sheet.number(n, v, p)}</b> {u}<br>{n}</div>" for n, v, p, u in figures)
    plot = trend(profile, (217.0,), (820, 190), "#e4572e", "margin:14px 0", ".0f")
    return f"<h3>Reflow {sheet.word('Recipe', 'SAC305-A')}</h3>{table(rows, 1)}{plot}<div>{cells}</div>".replace(
        "Reflow ", "Reflow Recipe: ", 1
    )
