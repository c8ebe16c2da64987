"""Layouts of factories: the pages of `factory_reports.py` and `factory_screens.py`, with fonts, styles and sizes.

They were written without knowledge of how tables are read.
"""

import factory_reports as reports
import factory_screens as screens
import numpy as np
from PIL import Image, ImageFilter
from vendor_sheet import Vendor, jpeg, scanned


def _noisy(picture: Image.Image) -> Image.Image:
    """The picture as a straight scan: grey, slightly soft and noisy."""
    grey = np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(0.4)), float)
    noise = np.random.default_rng(1).normal(0, 4, grey.shape)
    return Image.fromarray(np.clip(grey * 0.9 + 16 + noise, 0, 255).astype(np.uint8)).convert("RGB")


INHERIT = "table{font:inherit;color:inherit}"  # which a table does not do in a page without a document type
LINED = f"{INHERIT}td,th{{border:1px solid #666;padding:4px 10px;text-align:right}}td:first-child{{text-align:left}}"
LINED += "th{text-align:center;font-weight:normal;background:#eee}"
OPEN = f"{INHERIT}td,th{{padding:3px 14px 3px 0;text-align:right}}p{{margin:6px 0}}"
OPEN += "td:first-child,th:first-child{text-align:left}"
BANDS = f"{INHERIT}th{{background:#234;color:#fff}}td,th{{padding:5px 12px;text-align:right}}"
BANDS += "tr:nth-child(even) td{background:#eef}"
DIALOG = f"{INHERIT}body>div{{background:#d4d0c8;border:2px outset #fff}}"
DIALOG += ".title{position:absolute;left:0;right:0;top:0;height:22px;background:#0a246a;color:#fff;padding:2px 6px}"
DIALOG += ".title b{position:absolute;right:6px}.menu{position:absolute;left:8px;top:32px}"
DIALOG += "fieldset{position:absolute;box-sizing:border-box;border:2px groove #fff;margin:0;padding:6px 8px}"
DIALOG += ".edit{background:#fff;border:2px inset #ccc;padding:1px 4px;text-align:right;min-width:70px}"
DIALOG += "td{padding:2px 4px;white-space:nowrap}th{font-weight:normal;padding:2px 8px}"
DIALOG += ".status{position:absolute;left:4px;right:4px;bottom:4px;border:1px inset #fff;padding:2px 6px}"
DIALOG += ".status span{margin-left:60px}"
FRENCH = f"{INHERIT}.card{{float:left;width:200px;margin:6px;padding:6px 12px;background:#f4f5f6}}"
FRENCH += ".ok{border-left:6px solid #2a9d5c}.bad{border-left:6px solid #d43d2a}h4{margin:4px 0}p,h3{margin:8px}"
FRENCH += ".card table{width:100%}td:last-child{text-align:right}"
GERMAN = f"{INHERIT}body>div{{background:#f2f4f7}}.cards{{width:520px}}.card b{{font-size:24px}}h2,p{{margin:8px}}"
GERMAN += ".card{float:left;width:132px;margin:6px;padding:10px;background:#fff}"
GERMAN += ".list{position:absolute;left:540px;top:96px;background:#fff;padding:14px}"
GERMAN += ".list td{padding:8px 10px 8px 0;white-space:nowrap}"
PANEL = f"{INHERIT}body>div{{background:#10202c;color:#e8f6ff}}td,th{{padding:7px 18px;text-align:right}}"
PANEL += "th{color:#7fb8d8;font-size:16px}tr{border-bottom:1px solid #2d4a5c}td:first-child{color:#ffd54a}"
PANEL += ".pass{float:left;background:#1e9e4a;padding:12px 60px;margin:14px;font-size:26px}"
PANEL += ".key{float:left;border:2px solid #567;margin:14px;padding:14px 30px}"
WEIGHED = ".box{float:left;box-sizing:border-box;width:226px;height:78px;border:2px solid #222;margin:0 -2px -2px 0;"
WEIGHED += "padding:4px 8px;text-align:right}.box b{font-size:28px}"

REPORTS = [
    Vendor(
        "hole registration",
        "en",
        "Liberation Sans Narrow",
        reports.registration,
        OPEN + "u{display:inline-block;width:110px}body{font-size:18px}h3{margin:6px 0}td{padding-right:26px}",
        (830, 470),
    ),
    Vendor("gage study", "en", "Courier Prime", reports.gage, "pre{font:16px 'Courier Prime';margin:10px}", (640, 380)),
    Vendor("coordinates", "en", "Liberation Serif", reports.coordinates, LINED + "p{margin:6px 0}", (820, 300)),
    Vendor("hardness", "de", "Roboto Slab", reports.hardness, LINED + "body{font-size:14px}", (680, 390), comma=True),
    Vendor(
        "control charts",
        "fr",
        "Nimbus Sans",
        reports.control_chart,
        LINED + "body{font-size:15px}h3,p{margin:8px 0}",
        (760, 520),
        comma=True,
        spoil=_noisy,
    ),
    Vendor(
        "wafer bins",
        "ko",
        "Noto Sans CJK KR",
        reports.wafer_bins,
        OPEN + "i{display:inline-block;width:12px;height:12px;margin-right:8px}body{font-size:15px}",
        (780, 430),
    ),
    Vendor(
        "solder paste",
        "zh-Hant",
        "Noto Sans CJK TC",
        reports.paste,
        BANDS + ".foot{font-size:12px}",
        (860, 400),
        group=",",
    ),
    Vendor(
        "film thickness",
        "en",
        "URW Bookman",
        reports.film,
        LINED + "td{text-align:center!important}",
        (640, 620),
        group=",",
    ),
    Vendor("plating", "it", "P052", reports.plating, LINED, (640, 320), 1.5, comma=True, spoil=lambda p: jpeg(p, 70)),
    Vendor(
        "voids",
        "ja",
        "Noto Serif CJK JP",
        reports.voids,
        LINED + "td,th{padding:2px 12px}h3,p{margin:6px 0}",
        (520, 560),
    ),
    Vendor(
        "laser power",
        "en",
        "DejaVu Serif",
        reports.laser,
        OPEN + "th{border-bottom:1px solid}body{font-size:14px}.foot{font-size:11px}sup{font-size:9px}",
        (560, 420),
    ),
    Vendor("weighing", "es", "Open Sans", reports.weighing, WEIGHED, (720, 380), comma=True, group=".", spoil=scanned),
]
SCREENS = [
    Vendor(
        "particle counter",
        "en",
        "Noto Sans Mono CJK JP",
        screens.particle_counter,
        "body>div{background:#000;"
        "color:#ddd}pre{font:16px 'Noto Sans Mono CJK JP';margin:8px 0}.bar{background:#bbb;color:#000}",
        (520, 440),
    ),
    Vendor(
        "leak tester",
        "en",
        "DejaVu Sans",
        screens.leak_tester,
        DIALOG + "body{font-size:11px}.edit{font-size:12px}",
        (580, 350),
    ),
    Vendor(
        "placement",
        "zh-Hans",
        "Noto Sans CJK SC",
        screens.placement,
        DIALOG + "body{font-size:13px}th,td{text-align:right}",
        (820, 424),
    ),
    Vendor(
        "torque",
        "en",
        "Nimbus Mono PS",
        screens.torque,
        "body>div{background:#0000a8;color:#fff}pre{font:bold 17px 'Nimbus Mono PS';margin:12px}",
        (600, 450),
    ),
    Vendor("defects", "de", "Inter Display", screens.defects, GERMAN, (1010, 330), comma=True, group="."),
    Vendor(
        "vision log",
        "en",
        "WenQuanYi Micro Hei Mono",
        screens.vision_log,
        "pre{font:14px 'WenQuanYi Micro Hei Mono';margin:10px}",
        (640, 230),
    ),
    Vendor("hole position", "ja", "IPAPGothic", screens.hole_lines, "p{margin:10px 0}", (760, 400), group=","),
    Vendor("spindles", "zh-Hant", "Noto Serif CJK TC", screens.spindles, LINED + "body{font-size:13px}", (640, 330)),
    Vendor("tightening", "ko", "Noto Serif CJK KR", screens.tightening, LINED + "td{padding:6px 12px}", (700, 430)),
    Vendor(
        "features", "fr", "Noto Sans CJK HK", screens.features, FRENCH + "body{font-size:15px}", (520, 460), comma=True
    ),
    Vendor("safety tester", "en", "Nimbus Sans", screens.safety_tester, PANEL + "body{font-size:20px}", (740, 400)),
    Vendor(
        "oven",
        "en",
        "URW Gothic",
        screens.oven,
        BANDS + ".fig{float:left;width:190px}.fig b{font-size:24px}",
        (860, 460),
        1.25,
    ),
]
FACTORIES = [*REPORTS, *SCREENS]
