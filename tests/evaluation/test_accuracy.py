import pytest

from triptych.config import Config, load_config
from triptych.errors import TriptychError
from triptych.evaluation.accuracy import OWN, TITLES, PaperPanels, chosen_systems, every_method
from triptych.evaluation.methods import OnPart, name_of


def test_every_system_has_a_title_and_triptych_comes_last():
    whole = [name_of(method) for method in every_method([]) if not isinstance(method, OnPart)]
    assert whole == list(TITLES)
    assert whole[-1] == "triptych"


def test_slow_systems_have_no_learning_curve():
    parts = [name_of(method) for method in every_method([40, 80]) if isinstance(method, OnPart)]
    assert {"triptych-of-40", "triptych-of-80", "readings-svm-of-40"} <= set(parts)
    assert not any(name.startswith(("autogluon", "lite0-finetuned", "paper-panels", "own-")) for name in parts)


def test_the_papers_training_on_the_users_components():
    config = Config().changed("encoders.image=transformers:some/model", "answers.llm=gguf:smollm2", "fusion.epochs=7")
    made, paper = PaperPanels().configure(config), load_config(preset="paper")
    assert (made.encoders.image, made.encoders.tune) == ("transformers:some/model", "frozen")
    assert made.answers == config.answers
    assert made.reading == config.reading
    assert made.augment.tda == "gaussian"
    assert not made.encoders.readings
    assert made.fusion == paper.fusion


def test_triptych_is_as_the_user_configures_it():
    config = Config().changed("fusion.epochs=7")
    assert OWN[-1].configure(config) == config


def test_systems_are_chosen_by_name(monkeypatch):
    monkeypatch.delenv("TRIPTYCH_AUTOGLUON", raising=False)
    assert chosen_systems(["triptych", "readings-svm"]) == {"triptych", "readings-svm"}
    assert chosen_systems(["triptych"]) == {"triptych"}
    assert chosen_systems([]) == set(TITLES) - {"autogluon"}
    with pytest.raises(TriptychError, match="system 'svm': there is no such system; choose among readings-logistic"):
        chosen_systems(["svm"])
