"""VLMs and LLMs behind any OpenAI-compatible server: vLLM, llama.cpp, Ollama, a cloud.

`openai:<model>@<base url>`, such as `openai:llava@http://localhost:11434/v1`; without a base url, the cloud's own. The
key comes from the environment (OPENAI_API_KEY) and is written nowhere. Some questions are on their way at once; the
client waits and tries again, ever longer, where the server is busy (429), fails (5xx), is slow or drops the connection,
and this module tries again where what comes back is no answer. Pictures travel as data URLs.
"""

import asyncio
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from triptych.answers.chat import chat_body, chat_reply
from triptych.answers.choose import MOST_OPTIONS
from triptych.answers.provider import Question, Reply
from triptych.answers.structured import LONGEST_REASON
from triptych.errors import MissingExtraError, TriptychError

CLOUD = "https://api.openai.com/v1"
CONCURRENCY = 8  # questions on their way at once
TIMEOUT = 60.0  # s, for one answer
RETRIES = 6  # of one question
NEW_TOKENS = 256


class OpenAIServer:
    """Asks a chat model by name.

    Args:
        source: `<model>@<base url>`.
    """

    ways = frozenset({"generate", "choose", "structured"})
    batch_size = 4 * CONCURRENCY  # the end of a batch waits for its slowest answer

    def __init__(self, source: str = "") -> None:
        model, at, url = source.partition("@http")
        self.model, self.url = model, f"http{url}" if at else CLOUD
        if not model:
            raise TriptychError("openai: which model? Give one such as openai:llava@http://localhost:11434/v1")
        if not find_spec("openai"):
            raise MissingExtraError("openai: its client is not installed; pip install 'triptych[servers]'")
        self._longest_reason = LONGEST_REASON if at else None  # the cloud's schemas know no greatest length
        self.id = f"openai:{model}@{self.url}-greedy-{NEW_TOKENS}"

    def answer(self, questions: Sequence[Question]) -> Iterator[tuple[int, Reply]]:
        """The replies in the order in which they come.

        The event loop runs in a thread of its own, because the caller's thread may have one already, as in notebooks.
        """
        with _loop_in_thread() as loop:
            client, free = self._client(), asyncio.Semaphore(CONCURRENCY)

            async def ask(index: int, question: Question) -> tuple[int, Reply]:
                async with free:
                    return index, await self._reply(client, question)

            running = [asyncio.run_coroutine_threadsafe(ask(*item), loop) for item in enumerate(questions)]
            try:
                yield from (done.result() for done in as_completed(running))
            finally:  # of all answers, or of an interruption
                for future in running:
                    future.cancel()
                asyncio.run_coroutine_threadsafe(client.close(), loop).result()

    def _client(self) -> Any:
        import openai

        key = os.environ.get("OPENAI_API_KEY") or "none"  # servers of one's own ask for no key
        return openai.AsyncOpenAI(api_key=key, base_url=self.url, timeout=TIMEOUT, max_retries=RETRIES)

    async def _reply(self, client: Any, question: Question) -> Reply:
        """The answer to one question, or why there is none."""
        import openai

        start, error = time.perf_counter(), ""
        for _ in range(RETRIES):
            try:
                body = chat_body(question, NEW_TOKENS, MOST_OPTIONS, self._longest_reason)
                found = await client.chat.completions.create(model=self.model, **body)
                reply = chat_reply(question, found.model_dump())
            except openai.APIError as failure:  # the client has tried again where that can help
                error = _reason(failure)
                break
            except (ValueError, TypeError, LookupError, AttributeError) as failure:  # cut off, or of another form
                error = f"not an answer: {_reason(failure)}"
            else:
                return replace(reply, seconds=time.perf_counter() - start)
        return Reply(error=error, seconds=time.perf_counter() - start)


@contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread of its own; what it still has to do at the end is cancelled."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="triptych-servers", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(_cancel_others(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _cancel_others() -> None:
    """Cancel all tasks but this one, and wait until they have ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _reason(failure: Exception) -> str:
    return f"{type(failure).__name__}: {' '.join(str(failure).split())[:200]}"
