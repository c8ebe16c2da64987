import sys

import pytest

from triptych.cli.app import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; return its exit status, standard output and standard error."""

    def _run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["triptych", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return end.value.code or 0, printed.out, printed.err

    return _run
