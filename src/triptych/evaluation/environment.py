"""The environment of a measurement: commit, platform, cores, versions."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("triptych", "numpy", "scikit-learn", "torch", "transformers", "onnxruntime", "rapidocr")


def environment() -> dict[str, Any]:
    """The commit, platform, number of cores, and versions of Python and packages."""
    facts = {
        "commit": commit(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    return facts | {name: found for name in PACKAGES if (found := _version(name))}


def environment_line(facts: dict[str, Any]) -> str:
    """The environment as one line of a page."""
    return "Measured on: " + ", ".join(f"{name} {value}" for name, value in facts.items()) + "."


def commit() -> str:
    """The short hash of the checked-out commit, or `no checkout` if the package does not run from a Git checkout."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "no checkout"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
