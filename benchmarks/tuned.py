"""The two models that `triptych tune` makes: the cost of tuning, and the share of records described correctly.

The models are tuned on simulated records with random layouts, and evaluated on records of another seed with the five
built-in layouts, which are not in the tuning data. A facet of a description is right if it agrees with the digitised
plot. If the plot is within a margin of the bound between two words, either word is right; "word for word" results have
no margins and compare with `measured`. The conclusion is compared with the facts in its prompt, without margins.
"""

import argparse
import math
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from processes import in_new_process
from result_files import write_result

from triptych.answers.ask import Subject
from triptych.answers.defect_book import DefectBook, load_book
from triptych.answers.measured import OFFSET, SPREAD, STRETCH, sentences, traits
from triptych.answers.prompt_facts import direction, state_facts
from triptych.answers.provider import Provider, Question
from triptych.config import load_config
from triptych.evaluation.answer_checks import named_class
from triptych.evaluation.environment import environment, environment_line
from triptych.preparation.preparer import Preparer
from triptych.progress import bar
from triptych.reading import PlotMeasures
from triptych.records import RecordSet, open_records
from triptych.simulate import CLASSES, simulate_dataset
from triptych.tuning.adapter import KINDS
from triptych.tuning.job import tune_models
from triptych.tuning.local import LocalLLM, LocalVLM
from triptych.tuning.reasoning import llm_target

TARGETS = {"pattern": 90.0, "minutes": 15.0, "gigabytes": 5.0}
MARGIN, TURN = 0.15, 15.0  # margin of a bound, as a share of it; margin of a direction, in degrees
DIRECTIONS = [direction(math.cos(a * math.pi / 4), math.sin(a * math.pi / 4)) for a in range(8)]
AXES = ("horizontal", "rising diagonal", "vertical", "falling diagonal")
WIDE, STRETCHED = SPREAD[1][0], STRETCH[0][0]


def facets(text: str, plot: PlotMeasures) -> dict[str, bool]:
    """Whether each facet of a description is right."""
    offset = math.hypot(plot.centroid_x, plot.centroid_y)
    heading = math.degrees(math.atan2(plot.centroid_y, plot.centroid_x))
    spread = math.sqrt(plot.sigma_major * plot.sigma_minor)
    named = next((i for i, words in enumerate(DIRECTIONS) if f"{words}." in text), None)
    axis = next((i for i, words in enumerate(AXES) if f"along the {words}" in text), None)
    longer = plot.anisotropy - 1  # the margin is relative to this
    return {
        "position": _side(offset, OFFSET[0][0], above="centred" not in text)
        and (named is None) == ("centred" in text)
        and (named is None or _turned(heading, 45.0 * named, 360) <= 22.5 + TURN),
        "spread": _side(spread, WIDE, above="spread out" in text),
        "outline": _side(longer, STRETCHED - 1, above="elongated" in text)
        and (axis is None) == ("elongated" not in text)
        and (axis is None or _turned(plot.angle, 45.0 * axis, 180) <= 22.5 + TURN),
    }


def _side(value: float, bound: float, *, above: bool) -> bool:
    """Whether the statement that `value` is above `bound`, or not above it, counts as right."""
    return value > bound * (1 - MARGIN) if above else value <= bound * (1 + MARGIN)


def _turned(a: float, b: float, period: float) -> float:
    """The angle between two directions, in degrees."""
    return abs((a - b + period / 2) % period - period / 2)


def judge_vlm(subjects: Sequence[Subject], provider: Provider) -> dict[str, Any]:
    """Shares of records with right answers in percent, and seconds per answer."""
    questions = [Question("Describe the picture.", image=s.image, plot=s.plot) for s in subjects]
    texts, seconds = _asked(provider, questions)
    plots = [s.plot for s in subjects if s.plot is not None]
    found = [facets(text, plot) for text, plot in zip(texts, plots, strict=True)]
    exact = [text == sentences(traits(None, plot)) for text, plot in zip(texts, plots, strict=True)]
    pattern = [
        text.split(". ")[:3] == sentences(traits(None, p)).split(". ")[:3] for text, p in zip(texts, plots, strict=True)
    ]
    return {
        "pattern": _percent([all(each.values()) for each in found]),
        **{name: _percent([each[name] for each in found]) for name in found[0]},
        "pattern, word for word": _percent(pattern),
        "whole text, word for word": _percent(exact),
        "seconds an answer": round(seconds, 3),
    }


def judge_llm(subjects: Sequence[Subject], provider: Provider, book: DefectBook) -> dict[str, Any]:
    """Shares of records with right answers in percent, and seconds per answer."""
    facts = [state_facts(s.readings, book.limits) for s in subjects]
    texts, seconds = _asked(provider, [Question("Reason.", facts=each, book=book) for each in facts])
    wanted = [llm_target(each, book) for each in facts]
    pairs = list(zip(texts, wanted, strict=True))
    return {
        "pattern": _percent([a.partition(". ")[0] == b.partition(". ")[0] for a, b in pairs]),
        "verdict": _percent([named_class(a, CLASSES) == named_class(b, CLASSES) for a, b in pairs]),
        "whole text, word for word": _percent([a == b for a, b in pairs]),
        "seconds an answer": round(seconds, 3),
    }


def _asked(provider: Provider, questions: Sequence[Question]) -> tuple[list[str], float]:
    """The answers, and the mean seconds per answer without loading the model."""
    list(provider.answer(questions[:1]))
    start, texts = time.perf_counter(), []
    for first in range(0, len(questions), provider.batch_size):
        replies = dict(provider.answer(questions[first : first + provider.batch_size]))
        texts += [replies[i].text for i in range(len(replies))]
    return texts, (time.perf_counter() - start) / len(questions)


def _percent(values: Sequence[bool]) -> float:
    return round(100 * sum(values) / len(values), 1)


def read(folder: Path, records: int, seed: int) -> list[Subject]:
    """Simulate and read the test records."""
    simulate_dataset(folder, records=records, seed=seed)
    config = load_config(None, ("answers.vlm=none", "answers.llm=none"))
    with Preparer(config, CLASSES) as preparer:
        items = preparer.subjects(bar(open_records(folder), "Read"))
        return [item for item in items if isinstance(item, Subject)]


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Models tuned by `triptych tune`",
        "",
        f"Tuned with seed {result['seed']} on simulated records with random layouts; evaluated on {result['records']} "
        f"records of the five built-in layouts, seed {result['test_seed']}. Percent of records. Margins for the VLM: "
        f"{100 * MARGIN:.0f}% for bounds between words, {TURN:.0f} degrees for directions; there are none for the LLM.",
        "",
        "| | vlm | llm | target |",
        "|---|---|---|---|",
    ]
    names = dict.fromkeys(name for kind in KINDS for name in result[kind])
    for name in names:
        cells = [str(result[kind].get(name, "")) for kind in KINDS]
        lines.append(f"| {name} | {' | '.join(cells)} | {TARGETS.get(name, '')} |")
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--test-seed", type=int, default=777)
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--adapters", type=Path, help="folder of the tuned models; existing ones are evaluated")
    args = parser.parse_args()
    result: dict[str, Any] = {"seed": args.seed, "test_seed": args.test_seed, "records": args.records}
    book = load_book().for_classes(sorted(CLASSES))
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.adapters or Path(temporary) / "adapters"
        costs = {kind: tune(folder, kind, args.seed) for kind in KINDS}
        subjects = read(Path(temporary) / "records", args.records, args.test_seed)
        judges: dict[str, Callable[[], dict[str, Any]]] = {
            "vlm": lambda: judge_vlm(subjects, LocalVLM(str(folder / "vlm"))),
            "llm": lambda: judge_llm(subjects, LocalLLM(str(folder / "llm")), book),
        }
        for kind in KINDS:
            result[kind] = judges[kind]() | costs[kind]
            print(kind, result[kind], flush=True)
    result["machine"] = environment()
    write_result("tuned", result, as_markdown(result))
    print(as_markdown(result))


def tune(folder: Path, kind: Any, seed: int) -> dict[str, float]:
    """Tune one model in a separate process, unless it exists; return the minutes and the peak memory in gigabytes."""
    found: dict[str, float] = in_new_process(_tune_here, folder, kind, seed)
    return found


def _tune_here(folder: Path, kind: Any, seed: int) -> dict[str, float]:
    from triptych.tuning.adapter import FACTS, read_facts

    if not (folder / kind / FACTS).exists():
        tune_models(RecordSet(()), load_config(), folder, seed, bar, only=kind)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        (folder / kind / "peak").write_text(f"{peak:.2f}")
    minutes = read_facts(folder / kind, kind)["seconds"] / 60
    return {"minutes": round(minutes, 1), "gigabytes": float((folder / kind / "peak").read_text())}


if __name__ == "__main__":
    main()
