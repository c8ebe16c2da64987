import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from triptych.cache import Cache, cache_dir, derived_seed, digest
from triptych.errors import TriptychError


def test_what_is_put_is_there_for_the_next_process(tmp_path):
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


def test_a_file_that_is_no_store_is_refused_with_a_way_out(tmp_path):
    (tmp_path / "c.sqlite").write_text("this is not a database, but it is long enough to look like one" * 9)
    with pytest.raises(TriptychError, match=r"c\.sqlite.*delete it.*TRIPTYCH_CACHE"):
        Cache(tmp_path / "c.sqlite")


def test_every_part_of_a_run_has_a_seed_of_its_own_which_torch_takes():
    seeds = {
        derived_seed(0, "warm-up"),
        derived_seed(0, "fusion"),
        derived_seed(1, "warm-up"),
        derived_seed(0, "a", "b"),
    }
    assert len(seeds) == 4
    assert derived_seed(0, "warm-up") in seeds
    assert all(0 <= seed < 2**63 for seed in seeds)
