"""Tests with a real server on loopback that fails on demand."""

import asyncio
import base64
import io
import json
import math
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from triptych.answers import servers
from triptych.answers.ask import Asker, Subject
from triptych.answers.defect_book import load_book
from triptych.answers.prompts import load_prompts
from triptych.answers.provider import Question
from triptych.answers.rules import Rules
from triptych.answers.servers import OpenAIServer
from triptych.answers.store import AnswerStore
from triptych.errors import MissingExtraError, TriptychError

CLASSES = ("normal", "type-1")
FINDING = {"pattern": "wide", "direction": "none", "severity": "slight", "verdict": "type-1", "reason": "Wide."}


class Model(ThreadingHTTPServer):
    """Answers a chat with `heard: <prompt>`; `faults` gives the fault of each attempt of a prompt.

    It answers a request for JSON with `finding`, and a request for probabilities with `likeliest`.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults = lambda prompt, attempt: None
        self.likeliest, self.finding = {" A": 0.6, "The": 0.2, "B": 0.2}, dict(FINDING)
        self.tries, self.answered, self.bodies, self.keys, self.headers = Counter(), Counter(), [], [], []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, client_address) -> None:
        """Ignore clients that disconnect."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = body["messages"][0]["content"]
        prompt = content if isinstance(content, str) else content[-1]["text"]
        with self.server.lock:
            self.server.tries[prompt] += 1
            self.server.bodies.append(body)
            self.server.keys.append(self.headers["Authorization"])
            self.server.headers.append(dict(self.headers))
            fault = self.server.faults(prompt, self.server.tries[prompt])
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif fault == "slow":
            time.sleep(1.5)
            self.close_connection = True
        elif isinstance(fault, int):
            said = f"wrong image size or {self.headers['Authorization']}"
            self._send(fault, json.dumps({"error": {"message": said}}))
        elif isinstance(fault, tuple):
            self._send(fault[0], "", {"Location": fault[1]})
        else:
            choice = self._choice(prompt, body, fault)
            usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
            whole = json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "m",
                    "choices": [choice],
                    "usage": usage,
                }
            )
            self._send(200, {"cut": whole[:60], "other": "{}"}.get(fault, whole))
            if fault is None:
                with self.server.lock:
                    self.server.answered[prompt] += 1

    def _choice(self, prompt, body, fault) -> dict:
        text = json.dumps(self.server.finding) if "response_format" in body else f"heard: {prompt}"
        if fault == "half":
            text = text[: len(text) // 2]
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        if body.get("logprobs") and self.server.likeliest:
            told = [{"token": t, "logprob": math.log(p), "bytes": None} for t, p in self.server.likeliest.items()]
            choice["logprobs"] = {"content": [{**told[0], "top_logprobs": told}], "refusal": None}
        return choice

    def _send(self, status: int, text: str, headers=()) -> None:
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_) -> None:
        """Be quiet."""


@pytest.fixture
def server():
    model = Model()
    threading.Thread(target=model.serve_forever, daemon=True).start()
    yield model
    model.shutdown()
    model.server_close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Use short delays, so that the tests are fast; the client's own back-off stays."""
    monkeypatch.setattr(servers, "TIMEOUT", 1.0)
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.05)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def _replies(server, *questions):
    return [reply for _, reply in sorted(OpenAIServer(f"m@{server.url}").answer(questions), key=lambda pair: pair[0])]


def test_questions_are_answered_and_their_tokens_counted(server):
    one, two = _replies(server, Question("a"), Question("b"))
    assert (one.text, two.text) == ("heard: a", "heard: b")
    assert (one.tokens_in, one.tokens_out, one.error) == (3, 2, "")
    assert one.seconds > 0
    assert server.bodies[0]["model"] == "m"
    assert server.bodies[0]["temperature"] == 0


def test_questions_are_answered_inside_a_running_event_loop(server):
    async def notebook():
        return _replies(server, Question("a"), Question("b"))

    assert [reply.text for reply in asyncio.run(notebook())] == ["heard: a", "heard: b"]


def test_abandoned_requests_end_with_their_thread(server):
    replies = OpenAIServer(f"m@{server.url}").answer([Question(name) for name in "abc"])
    next(replies)
    replies.close()
    assert "triptych-servers" not in {thread.name for thread in threading.enumerate()}


INTERRUPTED = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs ignore
from triptych.answers.provider import Question
from triptych.answers.servers import OpenAIServer
list(OpenAIServer("m@" + sys.argv[1]).answer([Question(str(i)) for i in range(20)]))
"""


def test_an_interruption_ends_the_wait_for_a_silent_server(server):
    asked, over = threading.Event(), threading.Event()
    server.faults = lambda *_: asked.set() or (over.wait(60) and None)
    child = subprocess.Popen([sys.executable, "-c", INTERRUPTED, server.url], stderr=subprocess.PIPE)
    try:
        assert asked.wait(60)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=20)
    finally:
        over.set()
        child.kill()
    assert child.returncode == -signal.SIGINT
    assert errors.decode().strip().endswith("KeyboardInterrupt")


def test_a_picture_travels_whole(server):
    picture = Image.effect_noise((20, 10), 50).convert("RGB")
    _replies(server, Question("describe", image=picture))
    url = server.bodies[0]["messages"][0]["content"][0]["image_url"]["url"]
    head, _, data = url.partition(",")
    assert head == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).tobytes() == picture.tobytes()


@pytest.mark.parametrize("fault", [429, 500, 503, "reset", "slow", "cut", "other"])
def test_temporary_failures_are_retried(server, fault):
    server.faults = lambda _, attempt: fault if attempt < 3 else None
    (reply,) = _replies(server, Question("a"))
    assert (reply.text, server.tries["a"]) == ("heard: a", 3)


def test_a_refusal_is_not_tried_again(server):
    server.faults = lambda *_: 400
    (reply,) = _replies(server, Question("a"))
    assert "wrong image size" in reply.error
    assert server.tries["a"] == 1


def test_permanent_failures_are_reported_with_their_reason(server):
    server.faults = lambda *_: 500
    (reply,) = _replies(server, Question("a"))
    assert reply.error.startswith("InternalServerError")
    assert reply.text == ""


def test_a_server_that_is_not_there_is_a_failure_with_its_reason():
    (reply,) = [reply for _, reply in OpenAIServer("m@http://127.0.0.1:9/v1").answer([Question("a")])]
    assert reply.error.startswith("APIConnectionError")


def test_the_key_comes_from_the_environment_and_is_written_nowhere(server, monkeypatch, tmp_path):
    monkeypatch.setenv("TRIPTYCH_KEY_127_0_0_1", "secret-key")
    asker = _asker(server, tmp_path / "a.sqlite")
    asker.ask([_subject(0)])
    assert server.keys == ["Bearer secret-key"]
    asker.store.close()
    assert all(b"secret-key" not in path.read_bytes() for path in tmp_path.iterdir())
    assert "secret-key" not in asker.vlm.id


def test_a_key_is_sent_only_to_its_own_server(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "cloud-key")
    monkeypatch.setenv("OPENAI_ORG_ID", "our-company")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: custom-key\nAuthorization: Bearer custom-key")
    monkeypatch.setenv("TRIPTYCH_KEY_GPU__7_PLANT", "another-key")
    _replies(server, Question("a"))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)  # it names the server of OPENAI_API_KEY
    monkeypatch.delenv("OPENAI_CUSTOM_HEADERS")
    _replies(server, Question("b"))
    monkeypatch.setenv("TRIPTYCH_KEY_127_0_0_1", "own-key")
    _replies(server, Question("c"))
    assert server.keys == ["Bearer none", "Bearer cloud-key", "Bearer own-key"]
    assert not re.findall(r"-key|our-company", str(server.headers[0]))


def test_a_redirection_is_not_followed(server):
    other = Model()
    threading.Thread(target=other.serve_forever, daemon=True).start()
    server.faults = lambda *_: (307, f"{other.url}/chat/completions")
    (reply,) = _replies(server, Question("a"))
    assert "redirects elsewhere, which is not followed" in reply.error
    assert not other.keys
    other.shutdown()
    other.server_close()


@pytest.mark.parametrize(("key", "found"), [(None, "needs a key"), ("wrong-key", "rejects the key")])
def test_a_server_that_refuses_the_key_is_a_failure_that_names_the_variable(server, monkeypatch, key, found):
    server.faults = lambda *_: 401
    if key:
        monkeypatch.setenv("TRIPTYCH_KEY_127_0_0_1", key)
    (reply,) = _replies(server, Question("a"))
    assert found in reply.error
    assert "set the environment variable TRIPTYCH_KEY_127_0_0_1" in reply.error
    assert "wrong-key" not in reply.error


def _asker(server, path):
    return Asker(OpenAIServer(f"m@{server.url}"), Rules(), load_prompts(), load_book(), AnswerStore(path))


def _subject(i):
    return Subject(Image.new("RGB", (4, 4), (i % 256, i // 256, 7)), {"total": float(i)}, None)


def test_of_300_questions_under_faults_none_is_lost_and_none_is_asked_again_once_answered(server, tmp_path):
    kinds = [429, 500, "cut", "reset"]
    turn = iter(range(10**6))

    def one_in_five(*_):
        n = next(turn)
        return kinds[n // 5 % len(kinds)] if n % 5 == 0 else None

    prompts = load_prompts()
    subjects = [_subject(i) for i in range(300)]
    for name, faults in (("calm", lambda *_: None), ("faulty", one_in_five)):
        server.faults = faults
        server.answered.clear()
        asker = _asker(server, tmp_path / f"{name}.sqlite")
        size = asker.batch_size
        for start in range(0, 300, size):
            asker.ask(subjects[start : start + size])
        assert server.answered[prompts.vlm] == 300
    calm, faulty = (AnswerStore(tmp_path / f"{name}.sqlite").entries() for name in ("calm", "faulty"))
    assert {(e.request, e.text) for e in calm} == {(e.request, e.text) for e in faulty}
    assert len(faulty) == 600
    assert not [entry for entry in faulty if entry.error]


def test_a_choice_is_read_from_the_probabilities_of_the_server(server):
    (reply,) = _replies(server, Question("which?", "choose", CLASSES))
    assert reply.probabilities == pytest.approx({"normal": 0.75, "type-1": 0.25})
    assert (reply.tokens_in, reply.tokens_out) == (3, 2)
    body = server.bodies[0]
    assert (body["logprobs"], body["top_logprobs"], body["max_tokens"]) == (True, 20, 1)


@pytest.mark.parametrize(
    ("likeliest", "problem"), [({}, "returns no probabilities"), ({"The": 0.9}, "none of the letters A, B")]
)
def test_a_server_without_probabilities_of_the_letters_is_a_failure_that_is_not_tried_again(server, likeliest, problem):
    server.likeliest = likeliest
    (reply,) = _replies(server, Question("which?", "choose", CLASSES))
    assert problem in reply.error
    assert server.tries["which?"] == 1


def test_a_structured_answer_is_asked_for_by_its_schema(server):
    (reply,) = _replies(server, Question("what?", "structured", CLASSES))
    assert json.loads(reply.text) == FINDING
    asked = server.bodies[0]["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["strict"] is True
    assert asked["json_schema"]["schema"]["properties"]["verdict"]["enum"] == ["normal", "type-1"]
    assert "maxLength" in asked["json_schema"]["schema"]["properties"]["reason"]  # the cloud's server would refuse it


@pytest.mark.parametrize("fault", ["half", "cut"])
def test_json_that_is_cut_off_is_asked_for_again(server, fault):
    server.faults = lambda _, attempt: fault if attempt < 3 else None
    (reply,) = _replies(server, Question("what?", "structured", CLASSES))
    assert (json.loads(reply.text), server.tries["what?"]) == (FINDING, 3)


@pytest.mark.parametrize("wrong", [{"verdict": "type-9"}, {"severity": 3}, {"colour": "red"}])
def test_json_that_never_fits_the_schema_is_a_failure_with_its_reason(server, wrong):
    server.finding |= wrong
    (reply,) = _replies(server, Question("what?", "structured", CLASSES))
    assert reply.error.startswith("not an answer: ValueError: does not fit the schema")
    assert (reply.text, server.tries["what?"]) == ("", servers.RETRIES)


def test_without_its_client_the_message_gives_the_pip_line(monkeypatch):
    monkeypatch.setattr(servers, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'triptych\[servers\]'"):
        OpenAIServer("m@http://localhost/v1")


def test_a_model_must_be_named():
    with pytest.raises(TriptychError, match=r"which model\? Give one such as openai:llava@http"):
        OpenAIServer()


def test_without_a_base_url_it_is_the_clouds():
    assert OpenAIServer("some-model").url == "https://api.openai.com/v1"


CHILD = """
import sys
from pathlib import Path
from PIL import Image
from triptych.answers.ask import Asker, Subject
from triptych.answers.defect_book import load_book
from triptych.answers.prompts import load_prompts
from triptych.answers.rules import Rules
from triptych.answers.servers import OpenAIServer
from triptych.answers.store import AnswerStore
asker = Asker(OpenAIServer("m@" + sys.argv[1]), Rules(), load_prompts(), load_book(), AnswerStore(Path(sys.argv[2])))
print("ready", flush=True)
for i in range(40):
    asker.ask([Subject(Image.new("RGB", (4, 4), (i, 0, 7)), {"total": float(i)}, None)])
"""


def test_a_run_that_is_killed_repeatedly_asks_only_for_missing_answers(server, tmp_path):
    moments = np.random.default_rng(0).uniform(0.0, 0.15, 10)
    server.faults = lambda *_: time.sleep(0.01)  # so that no child is done before it is killed
    whole, killed = tmp_path / "whole.sqlite", tmp_path / "killed.sqlite"
    subprocess.run([sys.executable, "-c", CHILD, server.url, str(whole)], check=True, capture_output=True)
    before = sum(server.answered.values())
    for moment in moments:
        child = subprocess.Popen([sys.executable, "-c", CHILD, server.url, str(killed)], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(moment)
        child.kill()
        child.wait()
        child.stdout.close()
    subprocess.run([sys.executable, "-c", CHILD, server.url, str(killed)], check=True, capture_output=True)
    one, other = (AnswerStore(path).entries() for path in (whole, killed))
    assert {(e.request, e.text) for e in one} == {(e.request, e.text) for e in other}
    assert len(other) == 80
    assert sum(server.answered.values()) - before <= 40 + len(moments)  # each kill may lose one answer
