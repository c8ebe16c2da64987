"""A model from elsewhere sends nothing to a server that was not named on this machine."""

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from triptych import DefectClassifier
from triptych.errors import TriptychError


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(dict(self.headers))
        self.send_error(400)

    def log_message(self, *_):
        """Be quiet."""


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.seen, server.url = [], f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def theirs(model, elsewhere, tmp_path, monkeypatch, own_answers):
    """A model that names a server, from elsewhere."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    folder = tmp_path / "theirs"
    shutil.copytree(model, folder)
    config = (folder / "config.yaml").read_text()
    assert "llm: rules" in config
    (folder / "config.yaml").write_text(config.replace("llm: rules", f"llm: openai:x@{elsewhere.url}/v1"))
    return folder


@pytest.mark.parametrize("command", ["predict", "evaluate", "figure gradcam"])
def test_a_server_that_a_model_names_is_refused(run, theirs, elsewhere, simulated, tmp_path, command):
    picture = next((simulated / "test").rglob("*.png"))
    rest = {"predict": (picture, "-o", tmp_path / "p.csv"), "evaluate": (simulated,)}
    status, _, err = run(*command.split(), theirs, *rest.get(command, (simulated, "-o", tmp_path)))
    assert (status, err.count("\n")) == (2, 1)
    assert f"answers.llm talks to {elsewhere.url}" in err
    assert f"--allow-server {elsewhere.url}" in err
    assert not elsewhere.seen


def test_a_server_that_the_user_allows_is_asked_without_the_key_of_another(run, theirs, elsewhere, simulated, tmp_path):
    picture = next((simulated / "test").rglob("*.png"))
    run("predict", theirs, picture, "-o", tmp_path / "p.csv", "--allow-server", elsewhere.url)
    assert elsewhere.seen
    assert "secret-key" not in str(elsewhere.seen)


def test_python_refuses_it_too_unless_it_is_named(theirs, elsewhere):
    with pytest.raises(TriptychError, match="was not named on this machine"):
        DefectClassifier.load(theirs)
    DefectClassifier.load(theirs, allow_servers=[elsewhere.url])
