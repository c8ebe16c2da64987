"""Compares local LLMs with `rules`: speed, memory, and the audit of their answers.

Simulated records of a seed that is used nowhere else are read once. Every method then answers about the same records,
in its own process and with its own store. All descriptions come from `measured`. The time includes only loading the
model and asking. CPU seconds are those of the process; use them if other processes share the cores.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from processes import in_new_process, peak_mb
from result_files import RESULTS, write_result

from triptych.answers.ask import Answers, Subject, open_asker
from triptych.answers.defect_book import load_book
from triptych.cache import Cache
from triptych.config import AnswersConfig
from triptych.evaluation.answer_checks import Audited, audit
from triptych.evaluation.environment import environment, environment_line
from triptych.reading.read_records import open_reader
from triptych.records import open_records
from triptych.simulate import simulate_dataset

METHODS = ("rules", "gguf:smollm2 generate", "gguf:smollm2 choose", "gguf:smollm2 structured")


@dataclass(frozen=True)
class MethodRun:
    """The answers of one method and their cost, with the peak memory of its process in MiB before and after asking."""

    answers: list[Answers]
    seconds: float
    cpu_seconds: float
    tokens_in: int
    tokens_out: int
    peak_before: float
    peak: float


def read(data: Path) -> list[tuple[Subject, str]]:
    """Read the records of `data` from their pictures, and return them with their labels."""
    found = []
    with Cache() as cache:
        reader = open_reader("rapidocr", cache)
        for record in open_records(data):
            image = record.load_image()
            reading = reader.read(image)
            found.append((Subject(image, reading.values, reading.plot), record.label or ""))
    return found


def ask(method: str, subjects: Sequence[Subject], classes: Sequence[str]) -> MethodRun:
    """Ask one method about all records."""
    llm, _, way = method.partition(" ")
    before = peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRIPTYCH_CACHE"] = folder
        asker = open_asker(AnswersConfig(llm=llm, llm_way=way or "generate"), classes)
        start, cpu, answers = time.perf_counter(), time.process_time(), []
        for first in range(0, len(subjects), asker.batch_size):
            answers += asker.ask(subjects[first : first + asker.batch_size])
            print(f"{method}: {len(answers)} of {len(subjects)}", flush=True)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        entries = asker.store.entries(kind="llm")
        asker.store.close()
    tokens = [sum(getattr(entry, name) or 0 for entry in entries) for name in ("tokens_in", "tokens_out")]
    return MethodRun(answers, seconds, cpu_seconds, *tokens, before, peak_mb())


def measure(method: str, subjects: Sequence[Subject], labels: Sequence[str], seed: int) -> dict[str, Any]:
    """One row of the result: the cost of asking, and the audit."""
    classes = sorted(set(labels))
    asked = in_new_process(ask, method, subjects, classes)
    audited = [Audited(a, s.readings, label) for a, s, label in zip(asked.answers, subjects, labels, strict=True)]
    _, found = audit(audited, load_book().limits, classes, seed)
    figures = {name: value for name, value in asdict(asked).items() if name != "answers"}
    return {
        "method": method,
        "records": len(subjects),
        **figures,
        "records_per_second": len(subjects) / asked.seconds,
        "records_per_cpu_second": len(subjects) / asked.cpu_seconds,
        "audit": found.to_json(),
        "example": asked.answers[0].reasoning,
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Answers of the LLM, by model and way",
        "",
        f"{result['records']} simulated records of seed {result['seed']}, read from their pictures; the same for every "
        f"row; {result['cores_used']} core(s). Wrong: statements that contradict the readings (for verdicts, the "
        "label), of all such statements. Class from the words alone: cross-validated macro-F1 in percent.",
        "",
        "| LLM | records a second | records a CPU second | peak memory, MB | tokens in, out | answers "
        "| wrong direction | wrong axis | wrong verdict | class from the words alone |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for run in result["runs"]:
        found = run["audit"]
        wrong = [f"{found[name]['wrong']} of {found[name]['stated']}" for name in ("direction", "axis", "verdict")]
        score = "" if found["text_macro_f1"] is None else f"{found['text_macro_f1']:.1f}"
        tokens = f"{run['tokens_in']:,}, {run['tokens_out']:,}" if run["tokens_in"] else ""
        speed = f"{run['records_per_second']:.3g} | {run['records_per_cpu_second']:.3g}"
        lines.append(
            f"| `{run['method']}` | {speed} | {run['peak']:.0f} | {tokens} | {found['answers']} "
            f"| {' | '.join(wrong)} | {score} |"
        )
    before = max(run["peak_before"] for run in result["runs"])
    lines += [
        "",
        f"The peak memory includes {before:.0f} MB used before the first question, with all pictures loaded.",
        "",
    ]
    lines += ["Answers about the first record:", ""]
    lines += [f"- `{run['method']}`: {' '.join(run['example'].split())}" for run in result["runs"]]
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7301)
    parser.add_argument("--methods", nargs="+", default=list(METHODS), metavar="'LLM WAY'")
    parser.add_argument("--name", default="answers", help="name of the files in benchmarks/results")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        simulate_dataset(Path(temporary) / "data", records=args.records, seed=args.seed)
        pairs = read(Path(temporary) / "data")
    subjects, labels = [subject for subject, _ in pairs], [label for _, label in pairs]
    facts = {"records": len(subjects), "seed": args.seed, "cores_used": len(os.sched_getaffinity(0))}
    runs = {run["method"]: run for run in kept_runs(args.name, facts)}
    for method in args.methods:
        runs[method] = measure(method, subjects, labels, args.seed)
        result = {**facts, "runs": list(runs.values()), "machine": environment()}
        write_result(args.name, result, as_markdown(result))
        print(as_markdown(result), flush=True)


def kept_runs(name: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The stored results on the same records, so that slow methods can be run one at a time."""
    path = RESULTS / f"{name}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return kept["runs"] if kept and all(kept[key] == value for key, value in facts.items()) else []


if __name__ == "__main__":
    main()
