r"""Draws records in layouts that Triptych was not made for, with a browser, and measures how they are read.

    apt install chromium fonts-noto-cjk fonts-liberation fonts-dejavu-core fonts-roboto-unhinted fonts-roboto-slab \
        fonts-open-sans fonts-inter fonts-lato fonts-crosextra-carlito fonts-hack fonts-jetbrains-mono \
        fonts-wqy-microhei fonts-arphic-uming fonts-ipafont-gothic fonts-courier-prime fonts-urw-base35
    python benchmarks/other_layouts.py                       # layouts of vendors; half of them were kept back
    python benchmarks/other_layouts.py --set factories       # likewise, drawn later and without a look at the reader
    python benchmarks/other_layouts.py --set developed
    python benchmarks/other_layouts.py --set "seen once"     # faults were mended after a first run

The layouts of the sets `developed`, `seen once` and `seen later` combine a language, an arrangement, a way of printing
numbers, a font, and a plot (`layouts_drawn.py`). Those of `vendors` and `vendors kept back` look like reports
(`layouts_reports.py`) and screens (`layouts_screens.py`) of machines and programs; every printed number with a name
counts, whether or not Triptych knows its meaning. `factories` and `factories kept back` (`layouts_factories.py`) are
further layouts of this kind. Faults of the sets without `kept back` were mended; those of the others are not listed in
the result, and were looked at only after the first figures in `docs/accuracy.md` were measured. Names, arrangements,
notations, fonts and colours of `random` and `random, other seeds` are drawn at random (`layouts_random.py`).

A field with a known meaning is right if it equals what is printed. Any other field is right if a field whose name
contains the printed name has the printed value, or the same in micrometres. A field is silently wrong if it is wrong or
missing and the reading has no problem. Every layout is read by its own reader, as in a user's first run.
"""

import argparse
import math
import re
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import layouts_drawn
import vendor_sheet
from layouts_factories import FACTORIES
from layouts_random import random_layouts
from layouts_reports import REPORTS
from layouts_screens import SCREENS
from PIL import Image
from result_files import write_result
from vendor_sheet import Printed, Vendor

from triptych.evaluation.environment import environment, environment_line
from triptych.reading import Reader
from triptych.reading.ocr import RapidOCREngine
from triptych.records.fields import MOMENTS, TOTAL, ring_bounds

KEPT_BACK = ("vendors kept back", "factories kept back")
VENDORS = [*REPORTS, *SCREENS]
LAYOUTS: dict[str, Sequence[layouts_drawn.Layout | Vendor]] = {
    **layouts_drawn.LAYOUTS,
    "vendors": VENDORS[::2],
    KEPT_BACK[0]: VENDORS[1::2],
    "factories": FACTORIES[::2],
    KEPT_BACK[1]: FACTORIES[1::2],
    "random": random_layouts(range(40)),
    "random, other seeds": random_layouts(range(5000, 5040)),
}
SAME = str.maketrans("値", "值", ".")  # one character in Japanese and in Chinese; and "Max." is "Max"
COUNTED = ("fields", "right", "wrong", "missing", "silent", "invented", "words", "words_right", "clean", "flagged")

Record = tuple[Image.Image, Mapping[str, Printed], Mapping[str, str]]  # picture, printed numbers, printed words


def records(layout: layouts_drawn.Layout | Vendor, count: int, seed: int) -> list[Record]:
    """`count` records in `layout`."""
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(layout, Vendor):
            return [(p, s.printed, s.words) for p, s in vendor_sheet.draw(layout, count, seed, Path(folder))]
        drawn = layouts_drawn.draw(layout, count, seed, Path(folder))
    return [(picture, {name: Printed(value) for name, value in truth.items()}, {}) for picture, truth in drawn]


def is_known(name: str) -> bool:
    """Whether `name` is Triptych's own name of a field."""
    return name == TOTAL or name in MOMENTS or ring_bounds(name) is not None


def _contains(name: str, printed: str) -> bool:
    """Whether a field's name contains the printed one, without regard to case and spaces, its words in any order."""
    field, wanted = (text.casefold().translate(SAME) for text in (name, printed))
    if re.sub(r"\s", "", wanted) in re.sub(r"\s", "", field):
        return True
    if not all(re.search(rf"(?<![a-z]){word}(?![a-z])", field) for word in re.findall(r"\b[a-z]{1,2}\b", wanted)):
        return False
    return all(word in field for word in wanted.split() if len(word) > 2 or not word.isalpha())


def judge(name: str, printed: Printed, values: Mapping[str, float | str]) -> str:
    """Whether a printed number is `right`, `wrong` or `missing` in the values of a reading."""
    known = is_known(name)
    found = [values[name]] if name in values else []
    if not known:
        found = [value for field, value in values.items() if _contains(field, name)]
    if printed.other:
        found += [value for field, value in values.items() if _contains(field, printed.other)]
    numbers = [value for value in found if not isinstance(value, str) and not math.isnan(value)]
    if printed.value is None:
        return "wrong" if numbers else "right"
    wanted = {printed.value * printed.um} if known else {printed.value, printed.value * printed.um}
    if any(math.isclose(value, number, rel_tol=1e-9) for value in numbers for number in wanted):
        return "right"
    return "wrong" if found else "missing"


def _invented(printed: Mapping[str, Printed], values: Mapping[str, float | str]) -> list[str]:
    """The known fields that are read but not printed."""
    others = [p.other for p in printed.values() if p.other]
    return [n for n in values if is_known(n) and n not in printed and not any(_contains(n, other) for other in others)]


def _read_words(words: Mapping[str, str], values: Mapping[str, float | str]) -> int:
    return sum(
        any(_contains(field, name) and str(value).casefold() == text.casefold() for field, value in values.items())
        for name, text in words.items()
    )


def measure(drawn: Sequence[Record]) -> dict[str, Any]:
    """Read the records of one layout with a new reader, and compare."""
    reader = Reader(RapidOCREngine())
    tally: Counter[str] = Counter()
    errors, seconds = [], []
    for index, (picture, printed, words) in enumerate(drawn):
        start = time.perf_counter()
        reading = reader.read(picture)
        seconds.append(round(time.perf_counter() - start, 3))
        verdicts = {name: judge(name, number, reading.values) for name, number in printed.items()}
        missed = [name for name, verdict in verdicts.items() if verdict != "right"]
        invented = _invented(printed, reading.values)
        bad, said = len(missed) + len(invented), bool(reading.problems) or not reading.ok
        tally.update(verdicts.values())
        tally.update(fields=len(printed), invented=len(invented), silent=0 if said else bad)
        tally.update(words=len(words), words_right=_read_words(words, reading.values))
        tally.update(clean=not bad, flagged=not bad and said)
        if bad or said:
            errors.append({
                "record": index, "missed": {name: printed[name].value for name in missed}, "invented": invented,
                "read": {name: str(value) for name, value in reading.values.items()}, "said": reading.problems,
            })  # fmt: skip
    return {key: int(tally[key]) for key in COUNTED} | {"seconds": seconds, "errors": errors}


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    rows = result["layouts"]
    total = {key: sum(row[key] for row in rows) for key in COUNTED}
    lines = [
        f"# Reading {len(rows)} layouts that a browser drew ({result['set']})",
        "",
        f"{total['right']} of {total['fields']} fields are right ({100 * total['right'] / total['fields']:.2f}%), "
        f"{total['wrong']} are wrong and {total['missing']} are missing. {total['invented']} known fields are read "
        f"that are not printed. {total['silent']} of these errors are silent. {total['flagged']} of {total['clean']} "
        f"records without an error are reported to have a problem. {total['words_right']} of {total['words']} words "
        f"with a name are read. Seed {result['seed']}, {result['records']} records of each layout.",
        "",
        "| layout | language | font | right | wrong | missing | invented | silent | false reports | s, first, last |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        layout, seconds = row["layout"], row["seconds"]
        name = layout.get("arrangement") or layout["name"]
        lines.append(
            f"| {name} | {layout['language']} | {layout['font']} | {row['right']}/{row['fields']} | {row['wrong']} | "
            f"{row['missing']} | {row['invented']} | {row['silent']} | {row['flagged']} | "
            f"{seconds[0]:.2f}, {seconds[-1]:.2f} |"
        )
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def _described(layout: layouts_drawn.Layout | Vendor) -> dict[str, Any]:
    if isinstance(layout, Vendor):
        return {"name": layout.name, "language": layout.language, "font": layout.font}
    return asdict(layout)


def main() -> None:
    """Run the benchmark and write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--set", choices=list(LAYOUTS), default="vendors")
    parser.add_argument("--records", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the pictures")
    parser.add_argument("--only-draw", action="store_true", help="with --keep: read nothing")
    args = parser.parse_args()
    rows = []
    for number, layout in enumerate(LAYOUTS[args.set]):
        drawn = records(layout, args.records, args.seed + number)
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            for index, (picture, *_) in enumerate(drawn):
                picture.save(args.keep / f"{args.set}-{number:02d}-{index}.png")
        if args.only_draw:
            continue
        rows.append({"layout": _described(layout), **measure(drawn)})
        if args.set in KEPT_BACK:
            rows[-1]["errors"] = []
        else:
            print(number, *_described(layout).values(), f"{rows[-1]['right']}/{rows[-1]['fields']}", flush=True)
    if rows:
        result = {"set": args.set, "seed": args.seed, "records": args.records, "layouts": rows}
        result["machine"] = environment()
        write_result(f"other_layouts-{args.set.replace(' ', '_')}", result, as_markdown(result))


if __name__ == "__main__":
    main()
