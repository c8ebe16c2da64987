"""Adds files from outside `docs/` to the site, and makes links between files of the repository links of the site.

The pages of `docs/` link to one another and to other files by their paths in the repository, so that they can also be
read there. `README.md` is the site's home page.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
MOVED = {
    "README.md": "index.md",
    "CHANGELOG.md": "project/changelog.md",
    "CITATION.cff": "project/CITATION.cff",
    "CONTRIBUTING.md": "project/contributing.md",
    "LICENSE": "project/LICENSE.txt",
    "SECURITY.md": "project/security.md",
    "THIRD_PARTY_LICENSES.md": "project/third-party-licenses.md",
}
FOLDERS = {"docs/": "", "benchmarks/results/": "results/", "examples/": "examples/"}
ADDED = (*MOVED, "benchmarks/results/**/*.md", "examples/*.md", "examples/*.py", "examples/own_encoder/*.*")
LINK = re.compile(r"(?<=\]\()(?![a-z]+:)[^)#\s]+")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files."""
    for path in sorted({path for pattern in ADDED for path in ROOT.glob(pattern)}):
        place = _place(path.relative_to(ROOT).as_posix())
        if place is not None:
            files.append(File.generated(config, place, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links."""
    source = Path(page.file.abs_src_path or ROOT / "README.md").relative_to(ROOT).as_posix()
    here = posixpath.dirname(page.file.src_uri)

    def turned(link: re.Match[str]) -> str:
        place = _place(posixpath.normpath(posixpath.join(posixpath.dirname(source), link[0])))
        return link[0] if place is None else posixpath.relpath(place, here or ".")

    return LINK.sub(turned, markdown)


def _place(path: str) -> str | None:
    """Where in the site a file of the repository is; None where it is not in the site."""
    moved = [place + path.removeprefix(folder) for folder, place in FOLDERS.items() if path.startswith(folder)]
    return MOVED.get(path) or next(iter(moved), None)
