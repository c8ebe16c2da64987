"""What figures are measured on; written beside every result."""

import os
import platform
import subprocess
from importlib.metadata import version
from typing import Any

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
