import http.client
import json
import threading

import pytest

from triptych.errors import TriptychError
from triptych.layouts.server import LONGEST_BODY, EditorServer
from triptych.reading.layout_file import load_layout_file


@pytest.fixture
def server(editor):
    """The server of the editor, in a thread."""
    served = EditorServer(editor)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def ask(server, path, body=None, **headers):
    """The status, the headers and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named = {"Content-Type": "application/json"} | named
    connection.request("GET" if body is None else "POST", path, body, named)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_the_page_and_its_parts_are_served_below_the_token(server):
    root = f"/{server.token}/"
    assert server.url == f"http://127.0.0.1:{server.server_port}{root}"
    for name, kind in (
        ("", "text/html; charset=utf-8"),
        ("editor.js", "text/javascript; charset=utf-8"),
        ("picture.js", "text/javascript; charset=utf-8"),
        ("editor.css", "text/css; charset=utf-8"),
        ("picture.png", "image/png"),
        ("layout", "application/json; charset=utf-8"),
    ):
        status, headers, body = ask(server, root + name)
        assert (status, headers["Content-Type"], bool(body)) == (200, kind, True)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert ask(server, root + "../editor.py")[0] == 404
    assert b"sheet.yaml" in ask(server, root)[2]


def test_requests_without_the_token_or_for_another_host_are_refused(server, path):
    root, before = f"/{server.token}/", path.read_bytes()
    values = json.dumps({"picture": "sheet.png", "ignore": ["Lot"]})
    assert ask(server, "/")[0] == ask(server, "/guess/")[0] == ask(server, root[:-1])[0] == 403
    assert ask(server, root, Host="triptych.example")[0] == 403
    assert ask(server, root + "save", values, Host=f"evil.example:{server.server_port}")[0] == 403
    assert ask(server, root + "save", values, Origin="http://evil.example")[0] == 403
    assert ask(server, root + "save", values, Content_Type="text/plain")[0] == 404
    assert ask(server, root + "save", "x", Content_Length=str(LONGEST_BODY + 1))[0] == 413
    assert path.read_bytes() == before
    assert ask(server, root + "save", values, Origin=f"http://127.0.0.1:{server.server_port}")[0] == 200


def test_posts_save_and_read_and_answer_errors_in_words(server, path):
    root = f"/{server.token}/"
    values = json.loads(ask(server, root + "layout")[2])["entries"]
    status, _, body = ask(server, root + "read", json.dumps(values))
    assert (status, json.loads(body)["message"]) == (200, "2 of 2 fields read.")
    values["fields"][0]["name"] = "All"
    assert ask(server, root + "save", json.dumps(values))[0] == 200
    assert load_layout_file(path).entries.fields[0].name == "All"
    values["fields"][0]["meaning"] = "speed"
    status, _, body = ask(server, root + "save", json.dumps(values))
    assert (status, "'speed' is not a meaning" in json.loads(body)["error"]) == (400, True)
    for broken in ("{", "[" * 100_000):
        assert json.loads(ask(server, root + "save", broken)[2]) == {"error": "the request is not JSON"}


def test_a_port_that_is_in_use_is_an_error(server, editor):
    with pytest.raises(TriptychError, match=rf"--port {server.server_port}: cannot be used"):
        EditorServer(editor, server.server_port)
