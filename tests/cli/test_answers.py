import json
import shutil

import pandas as pd
import pytest

from triptych.answers.provider import Reply
from triptych.answers.store import AnswerStore, Request


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "answers.sqlite"
    kept = AnswerStore(path)
    kept.put(Request("llm", "rules-1", "why?", ""), Reply("because", seconds=2.0, tokens_in=3, tokens_out=4))
    shares = {"normal": 0.75, "type-1": 0.25}
    kept.put(
        Request("vlm", "openai:m", "what?", "abc", "choose"), Reply("dots\nand rings", probabilities=shares), 0.0125
    )
    kept.fail(Request("vlm", "openai:m", "what?", "def"), Reply(error="down"))
    kept.close()
    return path


def test_list_has_a_line_for_each_answer_and_failure(run, store):
    status, out, _ = run("answers", "list", "--store", store)
    assert status == 0
    assert [line.split("  ", 3)[1:] for line in sorted(out.splitlines(), key=lambda line: line.split("  ")[1:])] == [
        ["llm", "rules-1", "because"],
        ["vlm", "openai:m", "FAILED 1x: down"],
        ["vlm", "openai:m", "dots and rings"],
    ]
    assert len(run("answers", "list", "--store", store, "--failed")[1].splitlines()) == 1
    assert len(run("answers", "list", "--store", store, "--kind", "vlm", "--provider", "rules")[1].splitlines()) == 0


def test_show_has_the_whole_question_and_answer(run, store):
    key = run("answers", "list", "--store", store, "--kind", "llm")[1].split()[0]
    out = run("answers", "show", key, "--store", store)[1]
    assert "prompt: why?" in out
    assert "text: because" in out
    status, _, err = run("answers", "show", "zzz", "--store", store)
    assert (status, "zzz: 0 answers have such a key" in err) == (2, True)


def test_export_is_a_table(run, store, tmp_path):
    run("answers", "export", "--store", store, "-o", tmp_path / "a.parquet")
    table = pd.read_parquet(tmp_path / "a.parquet")
    assert sorted(table["text"]) == ["", "because", "dots\nand rings"]
    assert set(table["error"]) == {"", "down"}
    chosen = table.set_index("way").loc["choose"]
    assert json.loads(chosen["probabilities"]) == {"normal": 0.75, "type-1": 0.25}
    assert chosen["cost"] == 0.0125


def test_prune_deletes_the_chosen_answers_and_a_dry_run_nothing(run, store):
    assert run("answers", "prune", "--store", store, "--failed", "--dry-run")[1] == "1 would be deleted\n"
    assert run("answers", "prune", "--store", store, "--failed")[1] == "1 deleted\n"
    assert len(run("answers", "list", "--store", store)[1].splitlines()) == 2


def test_stats_sum_up_by_provider(run, store):
    rows = json.loads(run("answers", "stats", "--store", store, "--json")[1])
    assert [(row["provider"], row["answers"], row["failures"]) for row in rows] == [
        ("rules-1", 1, 0),
        ("openai:m", 1, 1),
    ]
    assert [row["cost"] for row in rows] == [0.0, 0.0125]
    assert (rows[0]["seconds"], rows[0]["tokens_in"], rows[0]["tokens_out"]) == (2.0, 3, 4)
    assert "openai:m" in run("answers", "stats", "--store", store)[1]


@pytest.fixture
def few(simulated, tmp_path, own_answers):
    """Five records, and their own store."""
    data = tmp_path / "data"
    for path in sorted(simulated.rglob("*.png"))[::5]:
        (data / path.relative_to(simulated)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, data / path.relative_to(simulated))
    return data


def _down(*_):
    raise ConnectionError


def test_ask_asks_about_every_record_and_then_only_for_missing_answers(run, few, monkeypatch):
    data = few
    with monkeypatch.context() as patch:
        patch.setattr("triptych.answers.rules.Rules.answer", _down)
        status, out, err = run("answers", "ask", data)
        assert (status, out) == (1, "0 of 5 records have both answers\n")
        assert "no answer of llm" in err
    status, out, _ = run("answers", "ask", data)
    assert (status, out) == (0, "5 of 5 records have both answers\n")


def test_retry_asks_only_failed_questions_again(run, few, monkeypatch):
    never_asked = sorted(few.rglob("*.png"))[1:3]
    waiting = [path.rename(few.parent / path.name) for path in never_asked]
    with monkeypatch.context() as patch:
        patch.setattr("triptych.answers.rules.Rules.answer", _down)
        run("answers", "ask", few)
        status, out, err = run("answers", "retry", few)
        assert (status, out) == (1, "0 of 3 records that had failed have both answers now\n")
        assert "no answer of llm" in err
    for path, back in zip(waiting, never_asked, strict=True):
        path.rename(back)
    status, out, _ = run("answers", "retry", few)
    assert (status, out) == (0, "3 of 3 records that had failed have both answers now\n")
    assert len(run("answers", "list", "--kind", "llm")[1].splitlines()) == 3
    assert run("answers", "retry", few)[1] == "0 of 0 records that had failed have both answers now\n"


def test_ask_needs_no_provider_if_both_are_none(run, few):
    nobody = ("--set", "answers.vlm=none", "--set", "answers.llm=none")
    assert run("answers", "ask", few, *nobody)[0] == 0
    assert run("answers", "list")[1] == ""


def test_ask_in_a_way_that_the_provider_lacks_is_wrong_use(run, few):
    status, _, err = run("answers", "ask", few, "--set", "answers.llm_way=choose")
    assert (status, "rules-1 does not support this way; these do: gguf" in err) == (2, True)


def test_audit_finds_no_wrong_direction_in_generated_texts(run, simulated):
    status, out, _ = run("answers", "audit", simulated, "--json")
    assert status == 0
    vlm, llm = json.loads(out)
    assert (llm["kind"], llm["missing"]) == ("llm", 0)
    assert llm["direction"]["stated"] == llm["answers"]
    assert (llm["direction"]["wrong"], llm["axis"]["wrong"], vlm["direction"]["wrong"]) == (0, 0, 0)
    assert "class from the words alone, macro-F1:" in run("answers", "audit", simulated)[1]


def test_audit_compares_the_chosen_model_with_those_without_weights(run, simulated, monkeypatch, tmp_path):
    monkeypatch.setenv("TRIPTYCH_ADAPTERS", str(tmp_path))
    _, out, _ = run("answers", "audit", simulated, "--json", "--set", "answers.llm=none")
    assert [(row["kind"], row["provider"]) for row in json.loads(out)] == [
        ("vlm", "measured"),
        ("llm", "none"),
        ("llm", "rules"),
    ]
