from triptych.tuning.adapter import FACTS


def test_a_tuned_model_is_not_replaced_unasked(run, tmp_path):
    (tmp_path / "llm").mkdir()
    (tmp_path / "llm" / FACTS).write_text("{}")
    status, _, err = run("tune", "--only", "llm", "-o", str(tmp_path))
    assert status == 2
    assert "--overwrite" in err


def test_help_shows_the_way_from_tuning_to_training(run):
    status, out, _ = run("tune", "--help")
    assert status == 0
    assert "answers.vlm=local:vlm" in out
