import errno
import stat

import pytest

from triptych.errors import TriptychError
from triptych.files import unwritable, whole_file, write_atomically


def test_a_full_disk_leaves_the_good_file_and_nothing_else(tmp_path):
    (tmp_path / "t.csv").write_text("good")
    with pytest.raises(TriptychError, match=r"t\.csv: cannot be written \(No space left on device\); make room"):
        _write_half(tmp_path / "t.csv", OSError(errno.ENOSPC, "No space left on device"))
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    assert (tmp_path / "t.csv").read_text() == "good"


def test_any_other_error_leaves_no_part_either(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        _write_half(tmp_path / "t.csv", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_the_longest_name_can_be_written(tmp_path):
    path = tmp_path / ("n" * 251 + ".csv")
    write_atomically(path, b"x")
    assert stat.S_ISREG(path.stat().st_mode)


def test_the_reason_is_in_words(tmp_path):
    assert "(Permission denied); choose another place" in str(unwritable(tmp_path, PermissionError(errno.EACCES, "x")))


def _write_half(path, error: BaseException) -> None:
    with whole_file(path) as part:
        part.write_text("half")
        raise error
