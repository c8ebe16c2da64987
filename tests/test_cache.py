import random
import sqlite3
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from triptych.cache import Cache, cache_dir, derived_seed, digest
from triptych.cache_limits import Limits, parse_size
from triptych.errors import TriptychError, TriptychWarning


def test_an_entry_is_visible_to_the_next_process(tmp_path):
    Cache(tmp_path / "c.sqlite").put("key", b"\x00value")
    assert Cache(tmp_path / "c.sqlite").get("key") == b"\x00value"


def test_an_unknown_key_gives_none(tmp_path):
    assert Cache(tmp_path / "c.sqlite").get("key") is None


def test_an_entry_never_changes(tmp_path):
    cache = Cache(tmp_path / "c.sqlite")
    cache.put("key", b"first")
    cache.put("key", b"second")
    assert cache.get("key") == b"first"


def test_several_writers_lose_nothing(tmp_path):
    def write(writer: int) -> None:
        cache = Cache(tmp_path / "c.sqlite")
        for i in range(50):
            cache.put(f"{writer}-{i}", str(i).encode())
        cache.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert sqlite3.connect(tmp_path / "c.sqlite").execute("SELECT count(*) FROM entry").fetchone() == (200,)


def test_a_digest_keeps_its_parts_apart():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", b"c") == digest(b"ab", "c")


def test_the_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "here"))
    assert cache_dir() == tmp_path / "here"


def test_a_file_that_is_not_a_store_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "c.sqlite").write_text("this is not a database, but it is long enough to look like one" * 9)
    with pytest.raises(TriptychError, match=r"c\.sqlite.*delete it.*TRIPTYCH_CACHE"):
        Cache(tmp_path / "c.sqlite")


def test_every_part_of_a_run_has_its_own_seed_which_torch_accepts():
    seeds = {
        derived_seed(0, "warm-up"),
        derived_seed(0, "fusion"),
        derived_seed(1, "warm-up"),
        derived_seed(0, "a", "b"),
    }
    assert len(seeds) == 4
    assert derived_seed(0, "warm-up") in seeds
    assert all(0 <= seed < 2**63 for seed in seeds)


def _filled(path, limits: Limits, count: int = 40) -> Cache:
    """A cache with incompressible values of 50 kB."""
    cache, rng = Cache(path, limits), random.Random(0)
    for index in range(count):
        cache.put(f"key-{index:03}", rng.randbytes(50_000))
    return cache


def _file_size(path) -> int:
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))


def test_the_file_stays_below_its_size_and_the_oldest_entries_go_first(tmp_path):
    cache = _filled(tmp_path / "c.sqlite", Limits(1_000_000, 90))
    assert cache.get("key-000") is None
    assert cache.get("key-039") is not None
    assert 0.8e6 < cache.info().size <= 1_000_000 + 50_000
    cache.close()
    assert _file_size(tmp_path / "c.sqlite") <= 1_100_000


def test_recently_used_entries_stay_longer(tmp_path, monkeypatch):
    path = tmp_path / "c.sqlite"
    now = [0.0]
    monkeypatch.setattr("triptych.cache.time.time", lambda: now[0])
    _filled(path, Limits(10_000_000, 90), 10).close()
    now[0] = 3 * 86400
    with Cache(path) as cache:
        assert cache.get("key-000") is not None
        assert cache.prune(Limits(300_000, 90)) > 0
        assert cache.get("key-000") is not None
        assert cache.get("key-001") is None


def test_entries_that_were_not_used_for_long_are_deleted(tmp_path, monkeypatch):
    path = tmp_path / "c.sqlite"
    now = [0.0]
    monkeypatch.setattr("triptych.cache.time.time", lambda: now[0])
    _filled(path, Limits(10_000_000, 90), 3).close()
    now[0] = 91 * 86400
    with Cache(path, Limits(10_000_000, 90)) as cache:
        assert cache.info().oldest == 91
        cache.put("new", b"x")
        assert (cache.get("key-000"), cache.get("new")) == (None, b"x")


def test_feature_maps_take_less_than_they_are_long(tmp_path):
    with Cache(tmp_path / "c.sqlite") as cache:
        cache.put("map", bytes(125_440))
        assert cache.get("map") == bytes(125_440)
        assert cache.info().size < 50_000


def test_entries_of_an_older_version_are_kept_and_count(tmp_path):
    old = sqlite3.connect(tmp_path / "c.sqlite")
    old.execute("CREATE TABLE entry (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
    old.execute("INSERT INTO entry VALUES ('key', ?)", (b"plain",))
    old.commit()
    old.close()
    with Cache(tmp_path / "c.sqlite") as cache:
        assert (cache.get("key"), cache.info().entries) == (b"plain", 1)


@pytest.mark.parametrize(
    ("text", "size"), [("500MB", 500_000_000), ("2 GiB", 2**31), ("1.5g", 1_500_000_000), ("0", 0), ("4096", 4096)]
)
def test_sizes_are_read_as_people_write_them(text, size):
    assert parse_size(text, "--size") == size


@pytest.mark.parametrize("text", ["much", "-1", "1 PB", "GB", "nan"])
def test_an_invalid_size_is_refused(text):
    with pytest.raises(TriptychError, match=r"TRIPTYCH_CACHE_SIZE=.*expected a size such as 500MB"):
        parse_size(text, "TRIPTYCH_CACHE_SIZE")


def test_a_size_of_zero_keeps_nothing(tmp_path):
    cache = Cache(tmp_path / "c.sqlite", Limits(0, 90))
    cache.put("key", b"x")
    assert cache.get("key") is None
    assert list(tmp_path.iterdir()) == []


def _unusable(kind: str, path) -> None:
    if kind == "no folder":
        path.parent.rmdir()
        path.parent.write_text("a file where the cache folder should be")
    elif kind == "no database":
        path.write_bytes(b"rubbish" * 999)
    else:
        sqlite3.connect(path).execute("CREATE TABLE entry (other TEXT)")


@pytest.mark.parametrize("kind", ["no folder", "no database", "other tables"])
def test_a_cache_that_cannot_be_used_gives_one_warning_and_stops_nothing(tmp_path, monkeypatch, kind):
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    _unusable(kind, tmp_path / "cache" / "cache.sqlite")
    with warnings.catch_warnings(record=True) as warned:
        cache = Cache()
        cache.put("key", b"x")
        cache.put("key", b"x")
        assert cache.get("key") is None
    assert [warning.category for warning in warned] == [TriptychWarning]
    assert "Going on without a cache" in str(warned[0].message)


def test_a_disk_that_fills_up_stops_nothing(tmp_path):
    cache = Cache(tmp_path / "c.sqlite", Limits(10**9, 90))
    cache._connection.execute("PRAGMA max_page_count=20")
    with pytest.warns(TriptychWarning, match=r"disk is full.*Going on without a cache"):
        cache.put("key", random.Random(0).randbytes(200_000))
    assert cache.get("key") is None


def test_any_thread_may_use_it(tmp_path):
    cache = Cache(tmp_path / "c.sqlite")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: cache.put(str(i), bytes([i])), range(50)))
        assert list(pool.map(lambda i: cache.get(str(i)), range(50))) == [bytes([i]) for i in range(50)]
