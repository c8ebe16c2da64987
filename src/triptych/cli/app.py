"""The command `triptych`: finds its sub-commands, and turns what went wrong into one line and an exit status.

Exit status: 0 done; 1 some inputs failed (they are listed); 2 wrong use; 130 interrupted.
"""

import sys
from importlib import import_module

import click

from triptych.errors import TriptychError

COMMANDS = ("demo", "simulate", "read", "answers", "tune", "train", "evaluate", "predict", "benchmark", "figure")
WRONG_USE = 2
INTERRUPTED = 130


class Commands(click.Group):
    """Sub-commands are modules of this package, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"triptych.cli.{cmd_name}").command
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
    try:
        status = app(standalone_mode=False)
    except TriptychError as error:
        status = _complain(str(error), WRONG_USE)
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "triptych"
        status = _complain(f"{error.format_message()} See {where} --help", WRONG_USE)
    except (click.Abort, KeyboardInterrupt):
        status = _complain("interrupted; run the same command again, and it goes on where it stopped", INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


def _complain(message: str, status: int) -> int:
    click.echo(f"triptych: {' '.join(message.split())}", err=True)
    return status
