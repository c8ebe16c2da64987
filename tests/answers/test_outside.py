"""An external package adds a provider: it is installed by pip and found by its entry point."""

import subprocess
import sys
from importlib import invalidate_caches

import pytest
from PIL import Image

from triptych.answers.ask import Subject, open_asker
from triptych.config import AnswersConfig
from triptych.errors import TriptychError

PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "triptych-parrot"
version = "1.0"

[project.entry-points."triptych.llm"]
parrot = "triptych_parrot:Parrot"

[tool.setuptools]
py-modules = ["triptych_parrot"]
"""

MODULE = '''
"""A provider in a package of its own."""

from triptych.answers.provider import Reply


class Parrot:
    """Says its words, or finds all classes alike."""

    batch_size = 2
    ways = frozenset({"generate", "choose"})

    def __init__(self, words):
        self.words, self.id = words, f"parrot-1:{words}"

    def answer(self, questions):
        for index, question in enumerate(questions):
            share = 1 / max(len(question.options), 1)
            chosen = dict.fromkeys(question.options, share) if question.way == "choose" else None
            yield index, Reply(f"{self.words}, says the parrot.", probabilities=chosen)
'''


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that pip installed the package into."""
    source, target = tmp_path_factory.mktemp("parrot"), tmp_path_factory.mktemp("site")
    (source / "pyproject.toml").write_text(PROJECT)
    (source / "triptych_parrot.py").write_text(MODULE)
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def open_parrot(installed, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(installed))
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path))
    invalidate_caches()
    return lambda **ways: open_asker(AnswersConfig(llm="parrot:rings:and dots", **ways), ["normal", "type-1"])


SUBJECT = Subject(Image.new("RGB", (20, 20)), {"total": 5.0}, None)


def test_it_is_found_by_its_name_and_its_answers_are_stored(open_parrot):
    asker = open_parrot()
    (answers,) = asker.ask([SUBJECT])
    assert answers.reasoning == "rings:and dots, says the parrot."
    (entry,) = asker.store.entries(kind="llm")
    assert entry.request.provider == "parrot-1:rings:and dots"


def test_only_the_ways_that_it_declares_are_allowed(open_parrot):
    (answers,) = open_parrot(llm_way="choose").ask([SUBJECT])
    assert answers.numbers == {"llm_p_normal": 0.5, "llm_p_type-1": 0.5}
    with pytest.raises(
        TriptychError, match="parrot-1:rings:and dots does not support this way; these do: gguf, openai"
    ):
        open_parrot(llm_way="structured")
