import pytest
import torch
from PIL import Image

import tiny
from triptych.answers import generate
from triptych.answers.generate import TransformersLLM, TransformersVLM
from triptych.answers.provider import Question
from triptych.errors import TriptychError

SHORT, LONG = "the dots are shifted", "please comprehensively describe the distribution and shape of the image"


@pytest.fixture(autouse=True)
def _short_answers(monkeypatch):
    monkeypatch.setattr(generate, "NEW_TOKENS", 8)


@pytest.fixture(scope="module")
def vlm(checkpoints):
    return TransformersVLM(str(checkpoints["vlm"]))


@pytest.fixture(scope="module")
def llm(checkpoints):
    return TransformersLLM(str(checkpoints["llm"]))


def _texts(provider, questions):
    return [reply.text for _, reply in sorted(provider.answer(questions), key=lambda pair: pair[0])]


def test_a_question_has_the_same_answer_in_any_batch(llm):
    alone = [_texts(llm, [Question(prompt)])[0] for prompt in (SHORT, LONG)]
    assert _texts(llm, [Question(SHORT), Question(LONG)]) == alone
    assert alone[0] != alone[1]


def test_an_answer_does_not_repeat_its_question(llm, vlm):
    for model in (llm, vlm):
        assert SHORT not in _texts(model, [Question(SHORT, image=Image.new("RGB", (40, 40)))])[0]


def test_a_model_with_a_chat_template_is_asked_through_it(llm, tmp_path):
    plain = TransformersLLM(str(tiny.llama(tmp_path / "plain", chat=False)))
    assert _texts(llm, [Question(SHORT)]) == _texts(plain, [Question(f"[INST] {SHORT} [/INST]")])


def test_the_vlm_sees_the_picture(vlm):
    pictures = [Image.new("RGB", (60, 40), "navy"), Image.linear_gradient("L")]  # of any mode
    answers = _texts(vlm, [Question(SHORT, image=picture) for picture in pictures])
    assert answers[0] != answers[1]
    assert [_texts(vlm, [Question(SHORT, image=picture)])[0] for picture in pictures] == answers


CLASSES = ("normal", "type-1", "type-2")


def test_a_choice_is_the_distribution_of_the_next_token_in_any_batch(llm, vlm):
    picture = Image.linear_gradient("L")
    for model in (llm, vlm):
        questions = [Question(prompt, "choose", CLASSES, image=picture) for prompt in (SHORT, LONG)]
        alone = [next(iter(model.answer([question])))[1].probabilities for question in questions]
        together = [reply.probabilities for _, reply in model.answer(questions)]
        assert together == [pytest.approx(shares, abs=1e-4) for shares in alone]
        assert list(alone[0]) == list(CLASSES)
        assert sum(alone[0].values()) == pytest.approx(1)


def test_a_choice_counts_the_letters_with_a_space_and_without(llm):
    processor, model = llm._model()
    chat = [{"role": "user", "content": SHORT}]
    ids = processor.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        shares = model(**ids).logits[0, -1].softmax(dim=0)
    vocabulary = processor.get_vocab()
    tokens = [[vocabulary[t] for t in (letter, f"Ġ{letter}") if t in vocabulary] for letter in "ABC"]
    sums = [float(shares[some].sum()) for some in tokens]
    ((_, reply),) = llm.answer([Question(SHORT, "choose", CLASSES)])
    assert list(reply.probabilities.values()) == pytest.approx([share / sum(sums) for share in sums], abs=1e-5)


def test_other_weights_are_another_provider(llm, tmp_path):
    other = TransformersLLM(str(tiny.llama(tmp_path / "other", seed=1)))
    again = TransformersLLM(str(tiny.llama(tmp_path / "again")))
    weights = [model.id.removesuffix("-greedy-8").rpartition("-")[2] for model in (llm, other, again)]
    assert weights[0] != weights[1]
    assert weights[0] == weights[2]


@pytest.mark.parametrize(("provider", "example"), [(TransformersLLM, "Llama-2-7b"), (TransformersVLM, "instructblip")])
def test_the_error_for_a_provider_without_a_model_explains_how_to_name_one(provider, example):
    with pytest.raises(TriptychError, match=rf"which model\? .*=transformers:.*{example}"):
        provider()


@pytest.mark.parametrize(
    ("provider", "message"),
    [(TransformersLLM, "a causal language model"), (TransformersVLM, "an image-text-to-text model")],
)
def test_a_model_of_another_kind_is_refused(provider, message, checkpoints):
    wrong = provider(str(checkpoints["image"]))
    with pytest.raises(TriptychError, match=f"cannot be used .*; {message} with safetensors weights is needed"):
        wrong.answer([Question(SHORT)])
