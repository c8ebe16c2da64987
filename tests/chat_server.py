"""A server on loopback that answers every chat alike: in words, in JSON or by letters, whichever is asked for."""

import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

FINDING = {"pattern": "wide", "direction": "none", "severity": "slight", "verdict": "normal", "reason": "Wide."}
LETTERS = {"A": 0.6, "B": 0.4}  # the likeliest tokens


class ChatServer(ThreadingHTTPServer):
    """Runs within a `with` block."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"localhost:{self.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.dumps(FINDING) if "response_format" in body else "The dots lie evenly around the centre."
        message = {"role": "assistant", "content": content}
        choice: dict[str, object] = {"index": 0, "message": message, "finish_reason": "stop"}
        if body.get("logprobs"):
            likely = [{"token": letter, "logprob": math.log(share), "bytes": None} for letter, share in LETTERS.items()]
            choice["logprobs"] = {"content": [{**likely[0], "top_logprobs": likely}], "refusal": None}
        usage = {"prompt_tokens": 10, "completion_tokens": 9, "total_tokens": 19}
        reply = json.dumps({"choices": [choice], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *arguments: object) -> None:
        """Nothing."""
