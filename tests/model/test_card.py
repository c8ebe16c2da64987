from triptych.config import Config
from triptych.model.card import model_card


def test_any_class_name_is_one_row_of_the_table():
    names = ["a\nb", "a|b", "<script>", "*x*", "normal"]
    card = model_card(Config(), names, {"class_counts": dict.fromkeys(names, 2)})
    rows = [line for line in card.splitlines() if line.endswith("| 2 |")]
    shown = [r"a\\nb", r"a\|b", r"\<script\>", r"\*x\*", "normal"]
    assert rows == [f"| {name} | 2 |" for name in shown]
