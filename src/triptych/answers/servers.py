"""VLMs and LLMs behind any OpenAI-compatible server: vLLM, llama.cpp, Ollama, a cloud.

The specification is `openai:<model>@<base url>`, such as `openai:llava@http://localhost:11434/v1`; without a base URL,
OpenAI's cloud is used. A server gets only the key that was given for it (`triptych.trust.key_for`). Keys are never
written to a file, and redirects are not followed. Questions are sent concurrently. The client retries with exponential
backoff if the server is busy (429), fails (5xx), times out or drops the connection; this module retries if the response
holds no answer. Pictures are sent as data URLs.
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
from urllib.parse import urlsplit

from triptych.answers.chat import chat_body, chat_reply
from triptych.answers.choose import MOST_OPTIONS
from triptych.answers.provider import Question, Reply
from triptych.answers.structured import LONGEST_REASON
from triptych.errors import MissingExtraError, TriptychError
from triptych.trust import CLOUD, clients_settings_are_for, key_for, key_variable, origin

NO_KEY = "none"  # the client requires a key, also for servers that need none
OWN_HEADERS = ("openai-organization", "openai-project")  # the client sets them from the environment
CONCURRENCY = 8  # concurrent questions
TIMEOUT = 60.0  # s, for one answer
RETRIES = 6  # of one question
NEW_TOKENS = 256
LONGEST_ERROR = 250  # characters of an error message that are kept


class OpenAIServer:
    """Asks a chat model by name.

    Args:
        source: `<model>@<base url>`.
    """

    ways = frozenset({"generate", "choose", "structured"})
    uses = frozenset[str]()  # only the prompt and the picture
    batch_size = 4 * CONCURRENCY  # large, because a batch waits for its slowest answer

    def __init__(self, source: str = "") -> None:
        self.model, self.url = _parts(source)
        if not self.model:
            raise TriptychError("openai: which model? Give one such as openai:llava@http://localhost:11434/v1")
        if not find_spec("openai"):
            raise MissingExtraError("openai: its client is not installed; pip install 'triptych[servers]'")
        self.key, self.origin = key_for(self.url), origin(self.url)
        # The cloud's schemas do not support maxLength.
        self._longest_reason = None if self.url == CLOUD else LONGEST_REASON
        self.id = f"openai:{self.model}@{self.url}-greedy-{NEW_TOKENS}"

    @staticmethod
    def server(source: str) -> str:
        """The URL that `source` names."""
        return _parts(source)[1]

    def answer(self, questions: Sequence[Question]) -> Iterator[tuple[int, Reply]]:
        """The replies in order of completion.

        The event loop runs in its own thread, because the caller's thread may already have one, as in notebooks.
        """
        with _loop_in_thread() as loop:
            client, free = self._client(), asyncio.Semaphore(CONCURRENCY)

            async def ask(index: int, question: Question) -> tuple[int, Reply]:
                async with free:
                    return index, await self._reply(client, question)

            running = [asyncio.run_coroutine_threadsafe(ask(*item), loop) for item in enumerate(questions)]
            try:
                yield from (done.result() for done in as_completed(running))
            finally:  # after all answers, or after an interruption
                for future in running:
                    future.cancel()
                asyncio.run_coroutine_threadsafe(client.close(), loop).result()

    def _client(self) -> Any:
        import openai

        hooks = {"request": [self._strip_foreign_settings]}
        http = openai.DefaultAsyncHttpxClient(follow_redirects=False, event_hooks=hooks, timeout=TIMEOUT)
        key = self.key or NO_KEY
        return openai.AsyncOpenAI(
            api_key=key, base_url=self.url, timeout=TIMEOUT, max_retries=RETRIES, http_client=http
        )

    async def _strip_foreign_settings(self, request: Any) -> None:
        """Remove what the client takes from the environment, unless the environment is for this server."""
        if clients_settings_are_for(self.url):
            return
        for name in (*OWN_HEADERS, *_custom_headers()):
            if name in request.headers:
                del request.headers[name]
        request.headers["Authorization"] = f"Bearer {self.key or NO_KEY}"

    async def _reply(self, client: Any, question: Question) -> Reply:
        """The answer to one question, or why there is none."""
        import openai

        start, error = time.perf_counter(), ""
        for _ in range(RETRIES):
            try:
                body = chat_body(question, NEW_TOKENS, MOST_OPTIONS, self._longest_reason)
                found = await client.chat.completions.create(model=self.model, **body)
                reply = chat_reply(question, found.model_dump())
            except openai.APIError as failure:  # the client has already retried where useful
                error = self._explained(failure)
                break
            except (ValueError, TypeError, LookupError, AttributeError) as failure:  # truncated or malformed
                error = f"not an answer: {self._reason(failure)}"
            else:
                return replace(reply, seconds=time.perf_counter() - start)
        return Reply(error=error, seconds=time.perf_counter() - start)

    def _explained(self, failure: Exception) -> str:
        """Why an attempt failed, with advice if the key is missing or the server redirects."""
        status, reason = getattr(failure, "status_code", 0), self._reason(failure)
        if status in (401, 403):
            found = "rejects the key it got" if self.key else "needs a key, and none was given for it"
            variable = key_variable(urlsplit(self.url).hostname or "")
            return f"{self.origin} {found}; set the environment variable {variable} ({reason})"
        if 300 <= status < 400:
            return f"{self.origin} redirects elsewhere, which is not followed; name the server's own URL ({reason})"
        return reason

    def _reason(self, failure: Exception) -> str:
        """The message of `failure` and the cause of a failed connection, with the key masked."""
        import openai

        cause = failure.__cause__ if isinstance(failure, openai.APIConnectionError) else None
        said = f"{type(failure).__name__}: {failure}{f' ({cause})' if cause and str(cause) else ''}"
        return " ".join((said.replace(self.key, "***") if self.key else said).split())[:LONGEST_ERROR]


def _parts(source: str) -> tuple[str, str]:
    """Split `<model>@<base url>`; the default URL is the cloud's."""
    model, at, url = source.partition("@http")
    return model, f"http{url}" if at else CLOUD


def _custom_headers() -> list[str]:
    """The names of the headers in OPENAI_CUSTOM_HEADERS."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
    return [name.strip() for name, colon, _ in (line.partition(":") for line in lines) if colon]


@contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in its own thread; unfinished tasks are cancelled at the end."""
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
    """Cancel all other tasks, and wait until they have ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
