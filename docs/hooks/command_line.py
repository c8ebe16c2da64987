"""Writes the reference of the command line from the help texts of the commands."""

import re
from collections.abc import Iterator
from inspect import cleandoc

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

PLACE = "<!-- commands -->"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the commands in the place that is kept for them."""
    if PLACE not in markdown:
        return markdown
    from triptych.cli.app import app

    return markdown.replace(PLACE, "\n".join(_command(app, click.Context(app, info_name="triptych"), 2)))


def _command(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    """The lines about a command and those below it."""
    yield f"{'#' * level} {context.command_path}\n"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"```text\n{usage}\n```\n"
    for paragraph in re.split(r"\n{2,}", cleandoc(command.help or "")):
        is_example = paragraph.startswith("\b")
        lines = "\n".join(line.strip() for line in paragraph.removeprefix("\b").strip().splitlines())
        yield f"```shell\n{lines}\n```\n" if is_example else f"{_escaped(lines)}\n"
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(below, click.Context(below, info_name=name, parent=context), level + 1)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    """The table of a command's options."""
    options = [each for each in command.get_params(context) if isinstance(each, click.Option) and each.name != "help"]
    if not options:
        return
    yield "| option | meaning |\n|---|---|"
    for option in options:
        names, meaning = option.get_help_record(context) or ("", "")
        yield f"| `{names}` | {_cell(meaning)} |"
    yield ""


def _cell(text: str) -> str:
    """`text` in the cell of a table."""
    return _escaped(" ".join(text.split())).replace("|", "\\|")


def _escaped(text: str) -> str:
    """`text` without tags of HTML; code in backticks needs no escapes."""
    parts = text.split("`")
    return "`".join(part if i % 2 else part.replace("<", "&lt;") for i, part in enumerate(parts))
