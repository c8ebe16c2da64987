import pytest

from triptych.cli.scores import show_scores
from triptych.evaluation.metrics import score


@pytest.mark.parametrize("name", ["[red]", "[/]", "a\nb", "\x1b[31m", "<script>"])
def test_any_class_name_can_be_shown(capsys, name):
    show_scores(score(["normal", name], ["normal", name], ["normal", name], "normal"))
    shown = capsys.readouterr().out
    assert name.replace("\n", r"\n").replace("\x1b", r"\x1b") in shown
