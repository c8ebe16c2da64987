"""`triptych watch`."""

import json


def test_new_records_are_watched_and_the_stream_is_continued(run, model, simulated, tmp_path):
    new, page, table, state = simulated / "test", tmp_path / "w.html", tmp_path / "w.json", tmp_path / "s.jsonl"
    status, out, err = run("watch", model, new, "--state", state, "-o", page, "--json", table)
    assert status == 0, err
    assert "No evidence of a change" in out
    assert json.loads(table.read_text())["alarm"] is None
    assert "Evidence of a change" in page.read_text()
    count = len(state.read_text().splitlines())
    status, out, _ = run("watch", model, new, "--state", state)
    assert status == 0
    assert f"{count} of {count} pictures were in training or in the stream before, and do not count" in out
    assert len(state.read_text().splitlines()) == count


def test_the_training_pictures_alone_are_no_stream(run, model, simulated):
    status, _, err = run("watch", model, simulated / "train")
    assert status == 2
    assert "no new records" in err


def test_an_alarm_can_end_with_a_status(run, model, simulated, tmp_path):
    state = tmp_path / "s.jsonl"
    run("watch", model, simulated / "test", "--state", state)
    line = json.loads(state.read_text().splitlines()[0])
    moved = {name: value + 99 for name, value in line["values"].items()}
    changed = [{"id": f"n{i}", "digest": f"n{i}", "values": moved} for i in range(60)]
    with state.open("a") as file:
        file.writelines(json.dumps(one) + "\n" for one in changed)
    status, out, _ = run("watch", model, simulated / "test", "--state", state, "--fail-on-alarm")
    assert status == 1
    assert "the promise no longer holds" in out
