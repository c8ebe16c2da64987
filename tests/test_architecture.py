"""A package imports only from packages to its left (docs/decisions/0001-order-of-packages.md)."""

import ast
from pathlib import Path

import pytest

import triptych

ORDER = (
    *("text", "errors", "paths", "files", "yaml_values", "config", "database", "cache_limits", "cache", "plugins"),
    *("trust", "torchvision_ops", "hub", "threads", "progress", "outputs", "tables", "resumable_table"),
    *("records", "simulate", "reading", "answers", "encoders", "features", "augment", "preparation", "network"),
    *(
        "experts",
        "decision",
        "model",
        "training",
        "tuning",
        "explain",
        "parameters",
        "classifier",
        "evaluation",
        "report",
        "monitoring",
        "agreement",
        "audit",
        "layouts",
        "cli",
    ),
)
ROOT = Path(triptych.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or not path.stem.startswith("__"))


def _part(path: Path) -> str:
    """The package, or the root module, that a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    """The parts of Triptych that a file imports from, inside functions too."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("triptych.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_to_the_left(path):
    own = ORDER.index(_part(path))
    wrong = {name for name in _imported(path) if ORDER.index(name) > own}
    assert not wrong, f"{_part(path)} may not import {wrong}"


def test_no_file_is_longer_than_300_lines():
    assert {path.name: n for path in MODULES if (n := len(path.read_text().splitlines())) > 300} == {}
