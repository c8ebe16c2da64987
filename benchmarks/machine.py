"""What figures are measured on, and where they are written."""

import json
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("triptych", "numpy", "scikit-learn", "torch", "onnxruntime", "rapidocr")


def machine() -> dict[str, Any]:
    """Commit, processor and versions."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    facts = {
        "commit": commit.stdout.strip() if commit.returncode == 0 else "unborn",
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    return facts | {name: version(name) for name in PACKAGES}


def write_result(name: str, result: dict[str, Any], page: str | None = None) -> None:
    """Write `results/<name>.json`, and beside it the page that a person reads, if there is one."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if page is not None:
        (RESULTS / f"{name}.md").write_text(page, encoding="utf-8")
