import pytest

from triptych.cache import Cache


@pytest.fixture
def cache_folder(tmp_path, monkeypatch):
    """A cache folder for one test."""
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_info_shows_path_size_and_limits(run, cache_folder, monkeypatch):
    monkeypatch.setenv("TRIPTYCH_CACHE_SIZE", "20MB")
    with Cache() as cache:
        cache.put("key", b"value")
    status, out, _ = run("cache", "info")
    assert (status, f"{cache_folder}/cache.sqlite" in out) == (0, True)
    assert "entries  1" in out
    assert "of at most 20.0 MB" in out


def test_prune_and_clear_make_it_smaller(run, cache_folder):
    with Cache() as cache:
        for index in range(4):
            cache.put(str(index), b"value")
    assert "4 entries deleted; 0 left" in run("cache", "prune", "--size", "0")[1]
    with Cache() as cache:
        cache.put("again", b"value")
    assert "1 entries deleted" in run("cache", "clear")[1]
    assert "entries  0" in run("cache", "info")[1]


def test_clear_deletes_a_damaged_cache(run, cache_folder):
    cache_folder.mkdir()
    (cache_folder / "cache.sqlite").write_bytes(b"rubbish" * 999)
    assert run("cache", "info")[0] == 2
    assert "the damaged cache file is deleted" in run("cache", "clear")[1]
    assert run("cache", "info")[0] == 0


def test_an_invalid_size_is_refused(run, cache_folder):
    status, _, err = run("cache", "prune", "--size", "much")
    assert (status, "expected a size such as 500MB" in err) == (2, True)
