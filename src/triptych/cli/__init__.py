"""The command line: `triptych COMMAND`, one small module per command."""

from triptych.cli.app import main

__all__ = ["main"]
