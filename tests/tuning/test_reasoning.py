from triptych.answers.defect_book import load_book
from triptych.answers.prompt_facts import state_facts
from triptych.tuning.reasoning import llm_prompt, llm_target

BOOK = load_book()
READINGS = {"total": 400.0, "mean_x": 5.0, "mean_y": -4.0, "sigma_x": 3.6, "sigma_y": 2.4}


def test_the_conclusion_names_the_pattern_and_the_class():
    said = llm_target(state_facts(READINGS, BOOK.limits), BOOK)
    assert said.startswith("The holes are far shifted to the lower right, wide and stretched along x.")
    assert "The readings fit type-1 best" in said


def test_the_facts_come_before_the_cue_and_carry_no_conclusion():
    prompt = llm_prompt(state_facts(READINGS, BOOK.limits))
    assert prompt.endswith("\nConclusion:")
    assert "The mean lies at (+5.00, -4.00) um" in prompt
    assert "type-1" not in prompt


def test_readings_of_another_kind_are_repeated():
    facts = state_facts({"yield": 0.93, "operator": "robot arm"}, BOOK.limits)
    assert llm_target(facts, BOOK) == "yield: 0.93. operator: robot arm."
    assert llm_target((), BOOK) == "There are no readings."
