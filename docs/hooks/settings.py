"""Writes the reference of the configuration from `triptych.config`: names, values, defaults, and the comments."""

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

PLACE = "<!-- settings -->"
COMMENT = re.compile(r"^    (\w+): .*?  # (.*)$", re.MULTILINE)
TYPES = {
    "boolean": "`true`, `false`",
    "integer": "integer",
    "null": "`null`",
    "number": "number",
    "string": "text",
}
LIMITS = {"minimum": "&ge;", "exclusiveMinimum": "&gt;", "maximum": "&le;", "exclusiveMaximum": "&lt;"}


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the settings in the place that is kept for them."""
    if PLACE not in markdown:
        return markdown
    from triptych.config import Config, Section

    sections = {name: value for name, value in Config() if isinstance(value, Section)}
    lines = ["## General\n", *_table(Config(), "", skip=set(sections))]
    for name, section in sections.items():
        lines += [f"## {name}\n", f"{_line(inspect.getdoc(section) or '')}\n", *_table(section, f"{name}.")]
    return markdown.replace(PLACE, "\n".join(lines))


def _table(section: Any, prefix: str, skip: set[str] | None = None) -> Iterator[str]:
    """The settings of one section."""
    comments = dict(COMMENT.findall(inspect.getsource(type(section))))
    schema = type(section).model_json_schema()["properties"]
    yield "| setting | values | default | meaning |\n|---|---|---|---|"
    for name, default in json.loads(section.model_dump_json()).items():
        if name not in (skip or ()):
            meaning = _line(comments.get(name, ""))
            yield f"| `{prefix}{name}` | {_values(schema[name])} | `{_short(default)}` | {meaning} |"
    yield ""


def _values(schema: dict[str, Any]) -> str:
    """What a setting may be, in words."""
    if "anyOf" in schema:
        return " or ".join(_values(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "array":
        items = schema.get("items") or schema["prefixItems"][0]
        count = f"{len(schema['prefixItems'])} values" if "prefixItems" in schema else "list"
        return f"{count}, each {_values(items)}"
    if schema.get("format") == "path":
        return "path"
    limits = [f"{sign} {schema[key]}" for key, sign in LIMITS.items() if key in schema]
    return " ".join([TYPES[schema["type"]], ", ".join(limits)]).strip()


def _short(value: Any) -> str:
    """A default as YAML writes it, with four digits."""
    return json.dumps(round(value, 4) if isinstance(value, float) and abs(value) > 1e-3 else value)


def _line(text: str) -> str:
    """A text in one line of Markdown, also in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
