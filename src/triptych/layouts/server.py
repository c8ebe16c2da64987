"""Serves the editor of a layout file to a browser on this computer.

The server listens on 127.0.0.1 only. Its addresses begin with a random token, which other pages and users do not know.
Requests for other hosts are refused, so that no other name can be resolved to this server.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Lock
from typing import Any

from triptych.errors import TriptychError
from triptych.layouts.editor import LayoutEditor
from triptych.report.html import template_environment

HOST = "127.0.0.1"
LONGEST_BODY = 1_000_000  # bytes
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TYPES = {"js": "text/javascript", "css": "text/css"}


@dataclass(frozen=True)
class _Answer:
    body: bytes
    kind: str
    status: HTTPStatus = HTTPStatus.OK

    @classmethod
    def of(cls, value: object, status: HTTPStatus = HTTPStatus.OK) -> "_Answer":
        """`value` as JSON."""
        return cls(json.dumps(value).encode(), "application/json", status)


class EditorServer(ThreadingHTTPServer):
    """Serves `editor` on `port` of this computer; 0 takes a free one.

    Raises:
        TriptychError: the port is in use.
    """

    daemon_threads = True

    def __init__(self, editor: LayoutEditor, port: int = 0) -> None:
        self.editor = editor
        self.token = secrets.token_urlsafe(24)
        self.lock = Lock()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise TriptychError(f"--port {port}: cannot be used ({error.strerror}); name another, or 0") from None

    @property
    def url(self) -> str:
        """The address of the page, which holds the token."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    @property
    def hosts(self) -> set[str]:
        """The values of the header `Host` that are accepted."""
        return {f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"}


class _Handler(BaseHTTPRequestHandler):
    server: EditorServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Triptych", ""

    def do_GET(self) -> None:
        """Answer a request for the page or one of its parts."""
        name = self._name()
        if name is not None:
            self._send(self._part(name))

    def do_POST(self) -> None:
        """Save the layout, or read the sample again with it."""
        name = self._name()
        if name is None:
            return
        actions: dict[str, Callable[[Any], dict[str, Any]]] = {
            "save": lambda values: {"message": self.server.editor.save(values)},
            "read": self.server.editor.read,
        }
        length = self.headers.get("Content-Length", "")
        if name not in actions or self.headers.get("Content-Type") != "application/json":
            self._refuse(HTTPStatus.NOT_FOUND)
        elif not length.isdecimal() or int(length) > LONGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._send(self._done(actions[name], self.rfile.read(int(length))))

    def _done(self, action: Callable[[Any], dict[str, Any]], body: bytes) -> _Answer:
        try:
            with self.server.lock:
                return _Answer.of(action(json.loads(body)))
        except TriptychError as error:
            return _Answer.of({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        except (ValueError, RecursionError):
            return _Answer.of({"error": "the request is not JSON"}, HTTPStatus.BAD_REQUEST)

    def _part(self, name: str) -> _Answer:
        """The part `name` of the page."""
        editor = self.server.editor
        if name == "":
            template = template_environment("triptych.layouts").get_template("editor.html.j2")
            return _Answer(template.render(file=editor.path.name).encode(), "text/html")
        if name == "layout":
            return _Answer.of(editor.contents())
        if name == "picture.png":
            return _Answer(editor.picture, "image/png")
        if name in ("editor.js", "picture.js", "editor.css"):
            body = files("triptych.layouts").joinpath("templates", name).read_bytes()
            return _Answer(body, TYPES[name.partition(".")[2]])
        return _Answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _name(self) -> str | None:
        """What is asked for, below the token; None if the request was refused."""
        host = self.headers.get("Host", "")
        origin = self.headers.get("Origin")
        token, slash, name = self.path.removeprefix("/").partition("/")
        own = host in self.server.hosts and origin in (None, f"http://{host}")
        if own and slash and secrets.compare_digest(token.encode(), self.server.token.encode()):
            return name
        self._refuse(HTTPStatus.FORBIDDEN)
        return None

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # the body of the request was not read
        self._send(_Answer(b"", "text/plain", status))

    def _send(self, answer: _Answer) -> None:
        self.send_response(answer.status)
        kind = answer.kind if answer.kind == "image/png" else f"{answer.kind}; charset=utf-8"
        for header, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(answer.body))),
            ("Content-Security-Policy", POLICY),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(header, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *arguments: object) -> None:
        """Log nothing; errors are shown in the page."""
