import pytest

from triptych.errors import TriptychError
from triptych.resumable_table import ResumableTable

COLUMNS = ["image", "x"]
KEYS = ["a", "b", "c"]


def _row(key: str) -> dict[str, object]:
    return {"image": key, "x": 0.1 + ord(key)}


@pytest.fixture
def whole(tmp_path) -> bytes:
    """The table of a run without interruption."""
    _run(tmp_path / "whole.csv", KEYS)
    return (tmp_path / "whole.csv").read_bytes()


def _run(output, keys, stop=None, final=lambda row: True) -> list[str]:
    """Compute the missing rows, up to the key `stop`; return their keys."""
    made = []
    with ResumableTable(output, "run", final) as table:
        for key in keys:
            if key == stop:
                return made
            if key not in table:
                table.add(key, _row(key))
                made.append(key)
        table.finish(keys, COLUMNS)
    return made


def test_an_interrupted_run_continues_and_ends_with_the_same_table(tmp_path, whole):
    assert _run(tmp_path / "t.csv", KEYS, stop="c") == ["a", "b"]
    assert not (tmp_path / "t.csv").exists()
    assert _run(tmp_path / "t.csv", KEYS) == ["c"]
    assert (tmp_path / "t.csv").read_bytes() == whole
    assert not (tmp_path / "t.csv.partial.jsonl").exists()


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_line_cut_off_by_a_crash_is_made_again(tmp_path, whole, cut):
    _run(tmp_path / "t.csv", KEYS, stop="c")
    side = tmp_path / "t.csv.partial.jsonl"
    side.write_bytes(side.read_bytes()[:-cut])
    assert _run(tmp_path / "t.csv", KEYS) == ["b", "c"]
    assert (tmp_path / "t.csv").read_bytes() == whole


def test_a_first_line_cut_off_by_a_crash_begins_anew(tmp_path, whole):
    (tmp_path / "t.csv.partial.jsonl").write_bytes(b'{"run": "ru')
    assert _run(tmp_path / "t.csv", KEYS) == KEYS
    assert (tmp_path / "t.csv").read_bytes() == whole


def test_rows_that_are_not_final_are_made_again(tmp_path, whole):
    _run(tmp_path / "t.csv", KEYS, stop="c")
    assert _run(tmp_path / "t.csv", KEYS, final=lambda row: row["image"] != "a") == ["a", "c"]
    assert (tmp_path / "t.csv").read_bytes() == whole


def test_other_inputs_take_the_rows_that_they_share(tmp_path):
    _run(tmp_path / "t.csv", KEYS, stop="c")
    assert _run(tmp_path / "t.csv", ["d", "b"]) == ["d"]


@pytest.mark.parametrize("content", [b'{"run": "another"}\n{"key": "a", "row": {}}\n', b"a file\nof the user\n", b"x"])
def test_rows_of_another_run_are_not_lost(tmp_path, content):
    (tmp_path / "t.csv.partial.jsonl").write_bytes(content)
    with pytest.raises(TriptychError, match="finish that run, delete this file, or choose another output"):
        ResumableTable(tmp_path / "t.csv", "run")
    assert (tmp_path / "t.csv.partial.jsonl").read_bytes() == content


def test_two_runs_do_not_write_the_same_table(tmp_path):
    with ResumableTable(tmp_path / "t.csv", "run"), pytest.raises(TriptychError, match="another process is writing"):
        ResumableTable(tmp_path / "t.csv", "run")


def test_a_row_that_cannot_be_written_leaves_earlier_rows(tmp_path, monkeypatch):
    with ResumableTable(tmp_path / "t.csv", "run") as table:
        table.add("a", _row("a"))
        good = table.path.read_bytes()
        table._file = _Full(table._file)
        with pytest.raises(TriptychError, match=r"No space left on device.*1 finished rows are kept in it"):
            table.add("b", _row("b"))
        assert table.path.read_bytes() == good
    assert _run(tmp_path / "t.csv", KEYS) == ["b", "c"]


class _Full:
    """A file on a disk that is full after five more bytes."""

    def __init__(self, file) -> None:
        self.file, self.left = file, 5

    def write(self, data: bytes) -> int:
        if not self.left:
            raise OSError(28, "No space left on device")
        self.left = 0
        return self.file.write(data[:5])

    def __getattr__(self, name: str):
        return getattr(self.file, name)
