import pytest

from outside_package import install_plugin
from triptych.errors import TriptychError
from triptych.plugins import available, build


def test_built_in_components_are_found_by_name():
    assert build("llm", "rules").id.startswith("rules")
    assert "rapidocr" in available("ocr")


def test_an_unknown_name_lists_what_is_installed():
    with pytest.raises(TriptychError, match=r"llm: nothing is called 'gpt'; installed are .*rules"):
        build("llm", "gpt:5")


def test_an_outside_package_adds_a_component_that_gets_its_argument(tmp_path, monkeypatch):
    code = "class Component:\n    id = 'parrot'\n    def __init__(self, words):\n        self.words = words\n"
    install_plugin(tmp_path, monkeypatch, "llm", "parrot", code)
    assert build("llm", "parrot:say:it").words == "say:it"
