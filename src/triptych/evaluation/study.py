"""Runs a benchmark: for every seed, all methods on the same split, except those whose runs are already stored."""

from collections.abc import Iterator, Sequence

from triptych.answers.defect_book import load_book
from triptych.cache import digest
from triptych.config import Config
from triptych.evaluation.bench import Bench
from triptych.evaluation.environment import commit
from triptych.evaluation.methods import Method, OnPart, Task, name_of
from triptych.evaluation.peers import PEERS
from triptych.evaluation.peers.columns import find_columns
from triptych.evaluation.protocol import Split, SplitOf
from triptych.evaluation.runs import RunStore
from triptych.progress import Track
from triptych.reading.layout_file import load_layout_files
from triptych.reading.vocabulary import load_all_words


def plan(splits: SplitOf, seeds: Sequence[int], methods: Sequence[Method], config: Config) -> Iterator[list[Task]]:
    """The tasks of every seed, in order, without the methods that cannot be run on its records.

    These are peers on texts if the records have no texts, and parts that are not smaller than the training set.
    """
    for seed in seeds:
        split = splits(seed)
        yield [_task(split, method, config) for method in methods if _suits(method, split)]


def to_do(tasks: Sequence[Task], store: RunStore, again: bool = False) -> list[Task]:
    """The tasks of one seed without a stored run, except those marked as unsuited.

    With `again`, also the tasks that another commit ran, and those marked as unsuited.
    """
    present = commit() if again else ""
    found = [store.get(task.split.seed, task.name, task.fingerprint) for task in tasks]
    missing = [task for task, run in zip(tasks, found, strict=True) if not run or (again and run.commit != present)]
    return [task for task in missing if again or not store.is_unsuited(task.split.seed, task.name, task.fingerprint)]


def run_tasks(tasks: Sequence[Task], store: RunStore, track: Track) -> None:
    """Run tasks of one seed and store the results; mark tasks that cannot be run on its records as unsuited."""
    if not tasks:
        return
    bench = Bench(tasks, track)
    for task in track(tasks, f"Seed {tasks[0].split.seed}: methods"):
        if run := bench.run(task):
            store.put(run)
        else:
            store.put_unsuited(task.split.seed, task.name, task.fingerprint)


def _suits(method: Method, split: Split) -> bool:
    if isinstance(method, OnPart):
        return method.size < len(split.train) and _suits(method.method, split)
    on_texts = isinstance(method, str) and PEERS[method].on_texts
    return not on_texts or bool(find_columns(record.readings for record in split.train).texts)


def _task(split: Split, method: Method, config: Config) -> Task:
    """The task of `method`, with its fingerprint.

    A run of Triptych, or of a peer on Triptych's features, depends on all settings. A run of another peer depends on
    the seed, the OCR engine and the peer's version. All depend on the records.
    """
    size = method.size if isinstance(method, OnPart) else None
    inner = method.method if isinstance(method, OnPart) else method
    if isinstance(inner, str) and PEERS[inner].prepared:
        changed = config.changed(f"seed={split.seed}")
        settings = f"{PEERS[inner].version} " + _all_settings(changed)
    elif isinstance(inner, str):
        without_answers = ("answers.vlm=none", "answers.llm=none", "augment.tda=none")
        changed = config.changed(*without_answers, f"seed={split.seed}")
        settings = f"{PEERS[inner].version} {split.seed} {changed.reading.ocr}" + _reading_files(config)
    else:
        changed = inner.configure(config).changed(f"seed={split.seed}")
        settings = _all_settings(changed)
    name = name_of(method)
    return Task(split, inner, changed, digest(name, settings, *split.marks), name, size)


def _all_settings(config: Config) -> str:
    """The whole configuration, with the contents of the defect book and of the files of words and layouts."""
    book = config.answers.book
    return config.to_yaml() + (load_book(book).model_dump_json() if book else "") + _reading_files(config)


def _reading_files(config: Config) -> str:
    words = [words.model_dump_json() for words in load_all_words(config.reading.words)]
    return "".join([*words, *(layout.mark for layout in load_layout_files(config.reading.layouts))])
