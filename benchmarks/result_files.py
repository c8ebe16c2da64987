"""Writes the results of benchmarks."""

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write_result(name: str, result: dict[str, Any], page: str | None = None) -> None:
    """Write `results/<name>.json`, and the Markdown page `results/<name>.md` if there is one."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if page is not None:
        (RESULTS / f"{name}.md").write_text(page, encoding="utf-8")
