"""Requests and responses of the chat protocol of OpenAI-compatible servers and of llama.cpp, one question each."""

import base64
import io
import math
from dataclasses import replace
from typing import Any

from PIL import Image

from triptych.answers.choose import choice_reply
from triptych.answers.provider import Question, Reply
from triptych.answers.structured import parse, schema


def chat_body(question: Question, new_tokens: int, likeliest: int, longest_reason: int | None = None) -> dict[str, Any]:
    """The body of a request, for greedy decoding, without the model's name.

    Args:
        question: the question.
        new_tokens: greatest number of tokens of an answer.
        likeliest: number of most likely tokens whose probabilities the server returns, for the way `choose`.
        longest_reason: greatest length of the reason in characters, for the way `structured`; None if the server does
            not support a limit.
    """
    body = {"messages": [chat_message(question)], "temperature": 0, "max_tokens": new_tokens}
    if question.way == "choose":
        return body | {"max_tokens": 1, "logprobs": True, "top_logprobs": likeliest}
    if question.way == "structured":
        fits = {"name": "finding", "strict": True, "schema": schema(question.options, longest_reason)}
        return body | {"response_format": {"type": "json_schema", "json_schema": fits}}
    return body


def chat_reply(question: Question, found: dict[str, Any]) -> Reply:
    """The answer in a server's response, or a failure that a retry would not change.

    Raises:
        ValueError, TypeError, LookupError, AttributeError: the response holds no answer; a retry may succeed.
    """
    choice, usage = found["choices"][0], found.get("usage") or {}
    if question.way == "choose":
        first = ((choice.get("logprobs") or {}).get("content") or [{}])[0]
        likely = first.get("top_logprobs")
        if not likely:
            return Reply(error="the server returns no probabilities (logprobs); set the way to generate or structured")
        reply = choice_reply(question.options, ((item["token"], math.exp(item["logprob"])) for item in likely))
    else:
        reply = Reply((choice["message"]["content"] or "").strip())
    if question.way == "structured":
        parse(reply.text, question.options)
    return replace(reply, tokens_in=usage.get("prompt_tokens"), tokens_out=usage.get("completion_tokens"))


def chat_message(question: Question) -> dict[str, Any]:
    """The question as a message of the chat protocol; the picture comes before the text."""
    if question.image is None:
        return {"role": "user", "content": question.prompt}
    picture = {"type": "image_url", "image_url": {"url": _data_url(question.image)}}
    return {"role": "user", "content": [picture, {"type": "text", "text": question.prompt}]}


def _data_url(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
