"""Missing answers of VLM or LLM are reported, and asked for again."""

import csv
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

RECORDS = 12
QUICK = (
    "warm_up.epochs=1",
    "experts=[panels]",
    "cross_fitting.folds=1",
    "alignment.stages=[]",
    "fusion.epochs=1",
    "augment.tda=none",
)


class _Llm(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "The holes are shifted."}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Be quiet."""


def _serve(port=0):
    server = ThreadingHTTPServer(("127.0.0.1", port), _Llm)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _close(server):
    server.shutdown()
    server.server_close()


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["image,label,split,width"]
    for i in range(RECORDS + 4):
        Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)).save(tmp_path / f"{i}.png")
        lines.append(f"{i}.png,{('good', 'bad')[i % 2]},{'train' if i < RECORDS else 'test'},{i % 2 + i / 100}")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    return tmp_path


def test_a_dead_server_is_reported_everywhere_and_asked_again(run, data, monkeypatch):
    monkeypatch.setenv("TRIPTYCH_CACHE", str(data / "cache"))
    monkeypatch.setattr("triptych.answers.servers.RETRIES", 1)
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    server = _serve()
    port = server.server_port
    _close(server)
    settings = (*QUICK, "answers.vlm=none", f"answers.llm=openai:m@http://127.0.0.1:{port}/v1")
    model = data / "model"
    train = ("train", data, "-o", model, *(part for setting in settings for part in ("--set", setting)))

    status, out, err = run(*train)
    told = f"llm: {RECORDS} of {RECORDS} records have no answer (APIConnectionError"
    assert status == 1
    assert f"trained on {RECORDS} records" in out
    assert f"warning: {told}" in err
    assert "the model was trained without it; run the same command again" in err
    lacking = json.loads((model / "metrics.json").read_text())["missing_answers"]
    assert (lacking["llm"]["records"], lacking["llm"]["of"]) == (RECORDS, RECORDS)
    assert told in (model / "README.md").read_text()

    status, _, err = run("evaluate", model, data, "--report", data / "report.html", "--json", data / "scores.json")
    assert json.loads((data / "scores.json").read_text())["missing_answers"]["llm"]["records"] == 4
    assert "warning: llm: 4 of 4 records have no answer" in err
    assert f"{RECORDS} of {RECORDS} records have no answer" in (data / "report.html").read_text()

    status, out, err = run(*train)
    assert (status, "already trained" in out, told in err) == (1, True, True)

    server = _serve(port)
    status, out, err = run(*train)
    assert (status, err.count("warning"), "trained on" in out) == (0, 0, True)
    assert json.loads((model / "metrics.json").read_text())["missing_answers"] == {}
    assert "no answer" not in (model / "README.md").read_text()
    status, out, _ = run(*train)
    assert (status, "already trained" in out) == (0, True)

    _close(server)
    (data / "new.csv").write_text("image,width\n15.png,7.5\n")
    status, _, err = run("predict", model, data / "new.csv", "-o", data / "p.csv")
    (row,) = csv.DictReader((data / "p.csv").open())
    assert (status, row["error"], row["degraded"]) == (0, "", "llm")
    assert "warning: llm: 1 of 1 records have no answer (" in err
