"""The command line: `triptych COMMAND`, one small file a command."""

from triptych.cli.app import main

__all__ = ["main"]
