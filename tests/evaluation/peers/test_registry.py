import pytest

from triptych.errors import MissingExtraError, TriptychError
from triptych.evaluation.peers import PAPER_SPECS, PEERS, RECORD_SPECS, Peer, PreparedPeer, chosen_peers


def test_every_row_of_table_2_is_there_with_the_papers_figures():
    figures = {spec.name: (spec.paper_binary, spec.paper_classes) for spec in PEERS.values() if spec.paper_binary}
    assert figures == {
        "deit-b": (73.59, 39.96),
        "crossvit-18": (73.16, 51.33),
        "efficientnet-b6": (77.48, 64.58),
        "karmakar": (78.02, 60.69),
        "xie": (78.46, 58.78),
    }


def test_peers_on_triptychs_features_are_built_as_such_and_no_others():
    for spec in RECORD_SPECS:
        if not spec.outside:
            assert isinstance(spec.build(), PreparedPeer if spec.prepared else Peer)
    own = [spec.name for spec in RECORD_SPECS if spec.prepared]
    assert own == ["own-logistic", "own-svm", "own-boosting", "own-trees", "own-mean"]
    assert not any(spec.prepared for spec in PAPER_SPECS)


def test_without_names_all_that_are_installed_are_chosen(monkeypatch):
    monkeypatch.setattr("triptych.evaluation.peers.registry.find_spec", lambda _: None)
    assert chosen_peers([], PAPER_SPECS) == ["xie", "lite0-frozen", "lite0-finetuned"]
    assert chosen_peers(["xie"], PAPER_SPECS) == ["xie"]


def test_a_peer_that_is_not_installed_is_named_with_its_pip_line(monkeypatch):
    monkeypatch.setattr("triptych.evaluation.peers.registry.find_spec", lambda _: None)
    with pytest.raises(
        MissingExtraError, match=r"peer deit-b: not installed \(timm\); pip install 'triptych\[peers\]'"
    ):
        chosen_peers(["deit-b"], PAPER_SPECS)


def test_a_peer_that_there_is_not_is_named_with_those_there_are():
    with pytest.raises(TriptychError, match="peer 'vgg': there is no such peer; choose among deit-b, crossvit-18"):
        chosen_peers(["vgg"], PAPER_SPECS)


def test_autogluon_runs_where_the_python_that_has_it_is_named(monkeypatch):
    monkeypatch.delenv("TRIPTYCH_AUTOGLUON", raising=False)
    assert "autogluon" not in chosen_peers([], RECORD_SPECS)
    with pytest.raises(MissingExtraError, match=r"peer autogluon: .*; set TRIPTYCH_AUTOGLUON to the Python"):
        chosen_peers(["autogluon"], RECORD_SPECS)
    monkeypatch.setenv("TRIPTYCH_AUTOGLUON", "/some/python")
    assert "autogluon" in chosen_peers([], RECORD_SPECS)
