"""The chat protocol, as OpenAI-compatible servers and llama.cpp in process speak it: one question, one answer."""

import base64
import io
import math
from dataclasses import replace
from typing import Any

from PIL import Image

from triptych.answers.choose import chosen
from triptych.answers.provider import Question, Reply
from triptych.answers.structured import parse, schema


def chat_body(question: Question, new_tokens: int, likeliest: int, longest_reason: int | None = None) -> dict[str, Any]:
    """What is sent, greedy and without the model's name.

    Args:
        question: the question.
        new_tokens: of an answer, at most.
        likeliest: how many tokens the server is to tell the probabilities of, where the way is `choose`.
        longest_reason: characters, where the way is `structured` and the server knows a greatest length.
    """
    body = {"messages": [chat_message(question)], "temperature": 0, "max_tokens": new_tokens}
    if question.way == "choose":
        return body | {"max_tokens": 1, "logprobs": True, "top_logprobs": likeliest}
    if question.way == "structured":
        fits = {"name": "finding", "strict": True, "schema": schema(question.options, longest_reason)}
        return body | {"response_format": {"type": "json_schema", "json_schema": fits}}
    return body


def chat_reply(question: Question, found: dict[str, Any]) -> Reply:
    """The answer in what a server sent back, or a failure that would be the same again.

    Raises:
        ValueError, TypeError, LookupError, AttributeError: it holds no answer, which another try may change.
    """
    choice, usage = found["choices"][0], found.get("usage") or {}
    if question.way == "choose":
        first = ((choice.get("logprobs") or {}).get("content") or [{}])[0]
        told = first.get("top_logprobs")
        if not told:
            return Reply(error="the server tells no probabilities (logprobs); set the way to generate or structured")
        reply = chosen(question.options, ((item["token"], math.exp(item["logprob"])) for item in told))
    else:
        reply = Reply((choice["message"]["content"] or "").strip())
    if question.way == "structured":
        parse(reply.text, question.options)
    return replace(reply, tokens_in=usage.get("prompt_tokens"), tokens_out=usage.get("completion_tokens"))


def chat_message(question: Question) -> dict[str, Any]:
    """The question as a message of the chat protocol; a picture comes before the words."""
    if question.image is None:
        return {"role": "user", "content": question.prompt}
    picture = {"type": "image_url", "image_url": {"url": _data_url(question.image)}}
    return {"role": "user", "content": [picture, {"type": "text", "text": question.prompt}]}


def _data_url(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
