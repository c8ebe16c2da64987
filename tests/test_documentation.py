"""All code blocks of README, docs and examples are run, in order, a page's blocks in one folder and one namespace.

A page finds `data`, `new-pictures`, `a.png`, `b.png`, `c.png` and, unless it trains one, `model`, all small. Commands
run in this process, with few epochs where a block sets no number. A server at localhost is one that this test starts.
What cannot run here is listed in `NOT_RUN`, with the reason and what is checked instead. A fence of the language `text`
holds no code.
"""

import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import invalidate_caches
from pathlib import Path

import pytest
import yaml

from chat_server import ChatServer
from pages import ROOT, Block, blocks, commands, pages
from triptych import Config, load_config
from triptych.cli.app import COMMANDS, main
from triptych.reading.layout_entries import parse_entries

PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
QUICK = {
    "warm_up.epochs": 2,
    "alignment.stages": [0.5, 1.0],
    "alignment.epochs": 1,
    "fusion.epochs": 4,
    "augment.tda": "none",
    "experts": ["panels", "readings"],
    "cross_fitting.folds": 1,
}
SERVER = re.compile(r"localhost:\d+")
# These language models take minutes for all records, and the test's server stands in. `answers/test_gguf.py` and
# `tuning/test_local.py` ask the models themselves.
SLOW = re.compile(r"gguf:smollm2|local:vlm|local:llm")
LANGUAGES = ("shell", "python", "toml", "yaml", "json", "text")
ENTRY_POINTS = {*PROJECT["project"]["entry-points"]}
OPERATORS = re.compile(r"[|<>;$]|&&")  # a line with one of these is for a shell


# --- what is not run ---


def _make(words: list[str]) -> None:
    """Would install into .venv, and run the tests from within a test."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert words[1] in targets


def _pip(words: list[str]) -> None:
    """Would need a package registry; that the package can be installed is tested by `.ci/wheel`."""
    pinned = (ROOT / "constraints.txt").read_text()
    for word in words[words.index("install") + 1 :]:
        if extra := re.fullmatch(r"triptych\[(.+)\]", word):
            assert extra[1] in PROJECT["project"]["optional-dependencies"]
        elif not word.startswith("-") and word not in (".", "constraints.txt"):
            assert f"{word}==" in pinned, f"{word} is not pinned in constraints.txt"


def _activate(words: list[str]) -> None:
    """Would change the shell that runs it; `make setup` creates the environment that it names."""
    assert words[1] == ".venv/bin/activate"


def _simulate(words: list[str]) -> None:
    """Would replace the small data set of the page by 455 records; `simulate/test_dataset.py` draws some."""
    from triptych.cli.simulate import command

    command.make_context("simulate", words[2:])


def _tune(words: list[str]) -> None:
    """Would train a language model for minutes; `tuning/test_local.py` tunes both and asks them."""
    from triptych.cli.tune import command

    command.make_context("tune", words[2:])


def _edit(words: list[str]) -> None:
    """Would serve a page until it is stopped; `cli/test_layouts_browser.py` uses the page in a browser."""
    from triptych.cli.layouts import edit

    edit.make_context("edit", words[3:])


def _paper(words: list[str]) -> None:
    """Would need a GPU and 30 GB of weights; `network/test_paper.py` trains the preset on tiny ones."""
    load_config(preset="paper")


def _example(words: list[str]) -> None:
    """Is run by `test_examples.py`."""
    assert (ROOT / words[1]).is_file()


def _autogluon(words: list[str]) -> None:
    """Would need an environment with AutoGluon, whose dependencies are pinned to other versions."""


NOT_RUN = (
    (r"make ", _make),
    (r"(python -m )?pip install (?!examples/)", _pip),
    (r"\. ", _activate),
    (r"triptych simulate data$", _simulate),
    (r"triptych tune", _tune),
    (r"triptych layouts edit", _edit),
    (r"triptych train .*--preset paper", _paper),
    (r"python examples/", _example),
    (r"python3 -m venv autogluon|TRIPTYCH_AUTOGLUON=", _autogluon),
)


# --- running ---


@pytest.fixture(scope="module")
def server():
    with ChatServer() as running:
        yield running


@pytest.fixture
def _quick(monkeypatch, server):
    """Few epochs where nothing else is asked for."""
    from triptych import classifier

    fit = classifier.fit
    monkeypatch.setattr(
        classifier, "fit", lambda records, config, *rest, **named: fit(records, _quickened(config), *rest, **named)
    )


def _quickened(config: Config) -> Config:
    """`config` with few epochs wherever it has the default."""
    default = Config()
    same = {key: value for key, value in QUICK.items() if _at(config, key) == _at(default, key)}
    return config.changed(*(f"{key}={json.dumps(value)}" for key, value in same.items()))


def _at(config: Config, key: str) -> object:
    section, _, name = key.partition(".")
    return getattr(getattr(config, section), name) if name else getattr(config, section)


@pytest.fixture(scope="module")
def small(simulated, tmp_path_factory) -> Path:
    """Four training records and one test record of every class."""
    out = tmp_path_factory.mktemp("small") / "data"
    for split, count in (("train", 4), ("test", 1)):
        for folder in sorted((simulated / split).iterdir()):
            (out / split / folder.name).mkdir(parents=True)
            for picture in sorted(folder.iterdir())[:count]:
                shutil.copy(picture, out / split / folder.name)
    return out


@pytest.fixture
def place(small, tmp_path, monkeypatch):
    """The folder in which a page's blocks run."""
    shutil.copytree(small, tmp_path / "data")
    pictures = sorted((small / "test").rglob("*.png"))[:3]
    (tmp_path / "new-pictures").mkdir()
    for name, picture in zip(("a.png", "b.png", "c.png"), pictures, strict=True):
        shutil.copy(picture, tmp_path / "new-pictures" / name)
        shutil.copy(picture, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if blocks(page)])
def test_the_code_blocks_of_a_page_run(name, place, server, request, monkeypatch, capsys):
    found = blocks(PAGES[name])
    if _needs_a_model([command for block in found for command in commands_of(block)]):
        shutil.copytree(request.getfixturevalue("model"), place / "model")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in found:
        assert block.language in LANGUAGES, (
            f"{block.where}: name the language of the fence, or `text` for what is no code"
        )
        if block.language == "python":
            exec(compile(_reachable(block.text, server), block.where, "exec"), namespace)
        for command in commands_of(block):
            _run(_reachable(command, server), block.where, monkeypatch, capsys)
        _check_data(block, place)


def _reachable(text: str, server: ChatServer) -> str:
    """`text` with the test's server in place of others at localhost, and of the slowest models."""
    return SLOW.sub(f"openai:m@http://{server.address}/v1", SERVER.sub(server.address, text))


def commands_of(block: Block) -> list[str]:
    return list(commands(block.text)) if block.language == "shell" else []


def _needs_a_model(lines: list[str]) -> bool:
    """Whether commands use the folder `model` that no earlier one of theirs has made."""
    uses = [line for line in lines if re.search(r"\bmodel(\s|$)", line)]
    return bool(uses) and not re.search(r"-o model(\s|$)", uses[0])


def _run(command: str, where: str, monkeypatch, capsys) -> None:
    """Run one command line, or check what stands for it; it must end with status 0."""
    for pattern, check in NOT_RUN:
        if re.match(pattern, command):
            check(shlex.split(command))
            return
    words = shlex.split(command)
    while words and re.fullmatch(r"\w+=.*", words[0]):
        monkeypatch.setenv(*words.pop(0).split("=", 1))
    if words[:1] == ["export"]:
        monkeypatch.setenv(*words[1].split("=", 1))
    elif words[:2] == ["pip", "install"]:
        _install(ROOT / words[2], monkeypatch)
    elif words[:1] == ["triptych"] and not OPERATORS.search(command):
        _triptych([path for word in words[1:] for path in _expanded(word)], where, monkeypatch, capsys)
    elif words:
        _in_a_shell(command, where)


def _install(package: Path, monkeypatch) -> None:
    """Install a package of the examples into the page's folder, from a copy, and without a package registry."""
    source, target = Path(shutil.copytree(package, "package")).resolve(), Path("site").resolve()
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)], check=True)
    monkeypatch.syspath_prepend(str(target))
    invalidate_caches()


def _expanded(word: str) -> list[str]:
    """The files that a word with an asterisk matches, as a shell has it."""
    return sorted(glob.glob(word)) or [word] if "*" in word else [word]  # noqa: PTH207  # as a shell writes them


def _triptych(words: list[str], where: str, monkeypatch, capsys) -> None:
    if words[0] == "train":
        words[1:1] = [f"--set={key}={json.dumps(value)}" for key, value in QUICK.items()]
    monkeypatch.setattr(sys, "argv", ["triptych", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code, f"{where}: triptych {shlex.join(words)}: {capsys.readouterr().err}"


def _in_a_shell(command: str, where: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
        check=False,
    )
    assert done.returncode == 0, f"{where}: {command}: {done.stderr}"


def _check_data(block: Block, place: Path) -> None:
    """A block of data can be read, and what it sets can be set."""
    if block.language == "toml":
        for group in tomllib.loads(block.text).get("project", {}).get("entry-points", {}):
            assert group in ENTRY_POINTS, f"{block.where}: there is no group {group}"
    if block.language == "json":
        json.loads(block.text)
    if block.language == "yaml":
        values = yaml.safe_load(block.text)
        if "fields" in values:
            parse_entries(block.text, block.where)
        elif set(values) & set(Config.model_fields):
            file = place / (block.title or "block.yaml")
            file.write_text(block.text)
            load_config(file)


# --- around the blocks ---


@pytest.mark.parametrize("name", PAGES)
def test_links_to_files_lead_somewhere(name):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGES[name].read_text(encoding="utf-8")):
        assert re.match("https?:", link) or (PAGES[name].parent / link).exists(), f"{name}: {link} is not there"


@pytest.mark.parametrize("name", PAGES)
def test_commands_in_running_text_exist(name):
    for command in re.findall(r"`triptych ([a-z]+)", PAGES[name].read_text(encoding="utf-8")):
        assert command in COMMANDS, f"{name}: there is no command triptych {command}"
