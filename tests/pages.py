"""The code blocks of Markdown pages, and how a shell line is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
SHELL = "shell"  # an indented block, or a fence of these
SHELL_FENCES = ("bash", "console", "sh", "shell")


def pages() -> list[Path]:
    """README.md and every page with code that a user reads: docs, and the READMEs of examples."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]


@dataclass(frozen=True)
class Block:
    """A code block.

    Attributes:
        where: page and line, for messages.
        language: that of the fence; `shell` for an indented block, and empty for a fence that names none.
        text: its lines.
        title: the file that it shows; empty if none is named.
    """

    where: str
    language: str
    text: str
    title: str = ""


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    found = []
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type in ("fence", "code_block"):
            language = token.info.strip().partition(" ")[0] if token.type == "fence" else SHELL
            language = SHELL if language in SHELL_FENCES else language
            where = f"{page.relative_to(ROOT)}:{(token.map or [0])[0] + 1}"
            title = re.search(r'title="(.+?)"', token.info)
            found.append(Block(where, language, token.content, title[1] if title else ""))
    return found


def commands(text: str) -> Iterator[str]:
    """The command lines of a shell block: joined at backslashes, without prompts and comments."""
    for line in text.replace("\\\n", " ").splitlines():
        if command := re.sub(r"(^|\s)#.*", "", line).strip().removeprefix("$ "):
            yield command
