"""The command `triptych`: finds its sub-commands, and turns errors into one line and an exit status.

Exit status: 0 done; 1 some inputs failed (they are listed); 2 wrong use; 130 interrupted; 141 broken pipe.
"""

import os
import sqlite3
import sys
import warnings
from importlib import import_module
from typing import TextIO

import click

from triptych.errors import TriptychError, TriptychWarning
from triptych.text import ERRORS, one_line, printable

COMMANDS = (
    "demo",
    "simulate",
    "read",
    "layouts",
    "answers",
    "tune",
    "audit",
    "train",
    "evaluate",
    "predict",
    "explain",
    "operating-points",
    "watch",
    "agreement",
    "report",
    "benchmark",
    "figure",
    "cache",
)
WRONG_USE = 2
INTERRUPTED = 130
BROKEN_PIPE = 141


class Commands(click.Group):
    """A group whose sub-commands are modules of this package, loaded on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"triptych.cli.{cmd_name.replace('-', '_')}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="triptych")
def app() -> None:
    """Classify manufacturing defects from inspection records.

    A record is a picture and the numbers recorded with it. Start with:

    \b
      triptych demo                          the whole run on simulated records
      triptych train DATA -o model           DATA/train/<class>/*.png, or DATA/manifest.csv
      triptych predict model pictures/ -o predictions.csv
    """


def main() -> None:
    """Run the command line and end the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ERRORS)  # so that every file name can be printed
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        status = _run()
    sys.exit(status if isinstance(status, int) else 0)


def _run() -> object:
    """The exit status, or anything else for 0."""
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except TriptychError as error:
        return _complain(str(error), WRONG_USE)
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "triptych"
        return _complain(f"{error.format_message()} See {where} --help", WRONG_USE)
    except BrokenPipeError:  # the reader of the output, such as `head`, has exited
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (OSError, sqlite3.Error) as error:  # not expected by any command; usually a full or missing disk
        place = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        reason = getattr(error, "strerror", None) or error
        return _complain(f"{place}{reason}; check the disk, then run the same command again", WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted; run the same command again to continue where it stopped", INTERRUPTED)
    return status


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning of this package on one line, and any other warning as Python does."""
    if issubclass(category, TriptychWarning):
        text = f"warning: {printable(' '.join(str(message).split()))}\n"
    else:
        text = warnings.formatwarning(message, category, filename, lineno, line)
    click.echo(text, err=True, nl=False)


def _complain(message: str, status: int) -> int:
    click.echo(f"triptych: {one_line(' '.join(message.split()))}", err=True)
    return status
