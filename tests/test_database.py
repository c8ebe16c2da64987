import sqlite3

import pytest

from triptych.database import StoreError, connect


def test_an_error_names_the_file_the_reason_and_the_way_out(tmp_path):
    connection = connect(tmp_path / "c.sqlite")
    connection.execute("CREATE TABLE t (x BLOB)")
    connection.execute("PRAGMA max_page_count=20")  # as a disk that is full
    with pytest.raises(StoreError, match=r"c\.sqlite: database or disk is full; make room on the disk"):
        connection.execute("INSERT INTO t VALUES (zeroblob(200000))")


def test_a_file_that_another_process_holds_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("triptych.database.WAIT", 0.05)
    one, other = connect(tmp_path / "c.sqlite"), connect(tmp_path / "c.sqlite")
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="database is locked; another process holds it"):
        other.execute("CREATE TABLE t (x)")


def test_a_connection_that_cannot_be_opened_is_closed(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be opened as a store .*set TRIPTYCH_CACHE"):
        connect(tmp_path / "file" / "c.sqlite")


def test_the_file_of_an_older_version_is_opened(tmp_path):
    sqlite3.connect(tmp_path / "c.sqlite").execute("CREATE TABLE entry (key TEXT)")
    assert connect(tmp_path / "c.sqlite").execute("SELECT count(*) FROM entry").fetchone() == (0,)
