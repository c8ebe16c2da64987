import json

import pytest

from triptych.answers.structured import allowed, parse, schema

CLASSES = ("normal", "type-2")
GOOD = {
    "pattern": "shifted",
    "direction": "upper right",
    "severity": "marked",
    "verdict": "type-2",
    "reason": "Far off.",
}


def test_the_verdict_is_one_of_the_classes_and_every_field_is_asked_for():
    found = schema(CLASSES)
    assert found["properties"]["verdict"]["enum"] == ["normal", "type-2"]
    assert found["required"] == ["pattern", "direction", "severity", "verdict", "reason"]
    assert found["additionalProperties"] is False
    assert "maxLength" not in found["properties"]["reason"]
    assert schema(CLASSES, 50)["properties"]["reason"]["maxLength"] == 50


def test_the_prompt_lists_what_each_field_may_be():
    lines = allowed(CLASSES).splitlines()
    assert "- severity: one of none, slight, marked, severe" in lines
    assert "- verdict: one of normal, type-2" in lines
    assert lines[-1] == "- reason: one sentence"


def test_an_answer_reads_as_sentences():
    assert parse(json.dumps(GOOD), CLASSES).sentences() == (
        "The pattern is shifted to the upper right, a marked deviation. The verdict is type-2. Far off."
    )
    calm = GOOD | {"pattern": "centred", "direction": "none", "severity": "none", "verdict": "normal", "reason": ""}
    assert parse(json.dumps(calm), CLASSES).sentences() == (
        "The pattern is centred, no deviation. The verdict is normal."
    )
    along = parse(json.dumps(GOOD | {"pattern": "stretched", "direction": "along x"}), CLASSES)
    assert "stretched along x, a" in along.sentences()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (json.dumps(GOOD)[:40], "Invalid JSON"),
        (json.dumps(GOOD | {"verdict": "type-9"}), "'type-9' is none of normal, type-2"),
        (json.dumps(GOOD | {"severity": "huge"}), "severity: Input should be"),
        (json.dumps(GOOD | {"colour": "red"}), "colour: Extra inputs"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "reason"}), "reason: Field required"),
        ("[]", "does not fit the schema"),
    ],
)
def test_json_that_does_not_fit_the_schema_is_not_an_answer(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text, CLASSES)
