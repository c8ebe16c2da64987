"""Controls which servers Triptych may talk to, and which key each server gets (docs/servers.md).

Users may name any server in a command or in their own configuration; training remembers it on this machine. A model's
folder may come from anybody, so a server in its `config.yaml` must also be named by the user. A server is the origin of
a URL: scheme, host and port.
"""

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from triptych.config import Config
from triptych.errors import TriptychError
from triptych.plugins import server_of

CLOUD = "https://api.openai.com/v1"
HUB = "https://huggingface.co"
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")  # a name, or an IPv6 address


def origin(url: str) -> str:
    """The server of `url`: scheme, host, and the port if it is not the scheme's default.

    Raises:
        TriptychError: `url` is not a http or https URL, or has a user name, a password, a query or a fragment.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
        parts = urlsplit("")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise TriptychError(
            f"server {scheme}://{host}: its URL must hold no user name, password, query or fragment; give a key in the "
            f"environment variable {key_variable(host)}"
        )
    if scheme not in PORTS or not _HOST.fullmatch(host) or re.search(r"[\\\s\x00-\x20\x7f-\uffff]", url.strip()):
        raise TriptychError(f"server {url.strip()!r}: is not the URL of a server; give one such as https://host:8000")
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, PORTS[scheme]) else f"{scheme}://{shown}:{port}"


def key_variable(host: str) -> str:
    """The environment variable that holds the key of `host`: `TRIPTYCH_KEY_` and its name, `.` as `_`, `-` as `__`."""
    escapes = {".": "_", "-": "__", "_": "___", ":": "____"}
    return f"TRIPTYCH_KEY_{''.join(escapes.get(letter, letter) for letter in host).upper()}"


def key_for(url: str) -> str | None:
    """The key that was given for the server of `url`, or None.

    The server's own key, in the environment variable given by `key_variable`, takes precedence. OPENAI_API_KEY is used
    only for the server of OPENAI_BASE_URL, which is OpenAI's cloud by default.
    """
    key = os.environ.get(key_variable(urlsplit(url).hostname or "")) or (
        os.environ.get("OPENAI_API_KEY") if clients_settings_are_for(url) else None
    )
    return (key or "").strip() or None


def clients_settings_are_for(url: str) -> bool:
    """Whether OPENAI_API_KEY and the client's other environment variables belong to the server of `url`."""
    with suppress(TriptychError):
        return origin(os.environ.get("OPENAI_BASE_URL") or CLOUD) == origin(url)
    return False


def servers_of(config: Config) -> dict[str, str]:
    """The servers that components of `config` talk to, by setting.

    Raises:
        TriptychError: a component is not installed, or its server is not a valid URL.
    """
    components = {
        "reading.ocr": ("ocr", config.reading.ocr),
        "answers.vlm": ("vlm", config.answers.vlm),
        "answers.llm": ("llm", config.answers.llm),
        "encoders.image": ("image_encoder", config.encoders.image),
        "encoders.text": ("text_encoder", config.encoders.text),
        **{f"experts.{name}": ("expert", name) for name in config.experts},
    }
    found = {setting: server_of(*component) for setting, component in components.items()}
    return {setting: origin(url) for setting, url in found.items() if url}


def check_servers(config: Config, source: Path, allowed: Iterable[str] = ()) -> None:
    """Check that the configuration of the model `source` uses only servers that the user has named.

    Args:
        config: the configuration.
        source: the model's folder, for the message.
        allowed: URLs of servers that the user allows in this call.

    Raises:
        TriptychError: it uses another server.
    """
    servers = servers_of(config)
    if not servers:
        return
    named = _named(allowed)
    for setting, server in servers.items():
        if server not in named:
            raise TriptychError(
                f"{source}: its {setting} talks to {server}, which would get pictures, prompts or requests, and which "
                f"was not named on this machine. If you trust it: --allow-server {server}, or in the environment "
                f"TRIPTYCH_SERVERS={server}, or in Python load(..., allow_servers=[{server!r}])"
            )


def remember_servers(config: Config) -> None:
    """Remember on this machine the servers in the user's own configuration, except the model hub."""
    servers, known = set(servers_of(config).values()) - {HUB}, remembered_servers()
    if servers <= known:
        return
    with suppress(OSError):  # if it fails, the user has to allow the server later
        path = _servers_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_text(json.dumps({"servers": sorted(known | servers)}, indent=1), encoding="utf-8")
        part.replace(path)


def remembered_servers() -> set[str]:
    """The servers that were used in training on this machine."""
    try:
        return set(map(str, json.loads(_servers_file().read_text(encoding="utf-8"))["servers"]))
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def settings_dir() -> Path:
    """`$TRIPTYCH_CONFIG`, or `triptych` in the user's configuration folder.

    Raises:
        OSError: there is no such folder.
    """
    if chosen := os.environ.get("TRIPTYCH_CONFIG"):
        return Path(chosen)
    try:
        base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or Path.home() / ".config"
    except RuntimeError as error:
        raise OSError(str(error)) from None
    return Path(base) / "triptych"


def _servers_file() -> Path:
    return settings_dir() / "servers.json"


def _named(allowed: Iterable[str]) -> set[str]:
    """The servers that the user has named: in this call, in TRIPTYCH_SERVERS, or in training on this machine."""
    listed = os.environ.get("TRIPTYCH_SERVERS", "").replace(",", " ").split()
    return set(map(origin, (*allowed, *listed))) | remembered_servers()
