import subprocess
import sys

import pytest

from triptych.errors import TriptychError
from triptych.training.locks import LOCK, exclusive

HOLDER = """
import os, sys
from pathlib import Path
from triptych.training.locks import exclusive
lock = exclusive(Path(sys.argv[1]))
lock.__enter__()
print("held", flush=True)
sys.stdin.read()
os._exit(9)
"""


def test_a_folder_in_use_by_another_process_is_refused_until_that_ends_however_it_ends(tmp_path):
    folder = tmp_path / "model"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], **pipes) as holder:
        holder.stdout.readline()
        with pytest.raises(TriptychError, match="another training is running into this folder"), exclusive(folder):
            pass
        holder.kill()
    assert (folder / LOCK).exists()  # what is left of it blocks nobody
    with exclusive(folder):
        pass
    assert not (folder / LOCK).exists()


def test_so_is_one_in_use_by_this_process(tmp_path):
    with exclusive(tmp_path), pytest.raises(TriptychError, match="another training"), exclusive(tmp_path):
        pass


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(TriptychError, match="cannot be written"), exclusive(tmp_path / "file" / "model"):
        pass
