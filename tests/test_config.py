from itertools import pairwise

import pytest

from triptych.config import Config, load_config
from triptych.errors import TriptychError


def test_the_defaults_are_the_papers_hyper_parameters():
    config = Config()
    assert config.optimizer.learning_rate == 3e-3
    assert config.optimizer.betas == (0.9, 0.999)
    assert config.optimizer.eps == 1e-8
    assert (config.optimizer.decay, config.optimizer.decay_every, config.optimizer.batch_size) == (0.75, 15, 10)
    assert (config.warm_up.epochs, config.alignment.epochs, config.fusion.epochs) == (30, 15, 60)
    assert config.alignment.stages == (0.2, 0.4, 0.6, 0.8, 1.0)
    assert (config.encoders.dim, config.augment.tda) == (256, "auto")


def test_what_is_written_is_read_back(tmp_path):
    settings = (
        "fusion.epochs=7",
        "answers.book=my-book.yaml",
        "alignment.stages=[0.5, 1.0]",
        "reading.words=[w.yaml]",
        "reading.layouts=[l]",
    )
    config = load_config(None, settings)
    (tmp_path / "config.yaml").write_text(config.to_yaml())
    assert load_config(tmp_path / "config.yaml") == config


def test_the_message_says_whether_the_file_or_a_setting_is_wrong(tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("seed: 3\n")
    with pytest.raises(TriptychError, match=r"^--set: fusion\.epochs"):
        load_config(file, ("fusion.epochs=no",))
    file.write_text("answers: {use: both}\n")  # which needs a way with probabilities
    assert load_config(file, ("answers.vlm_way=choose",)).answers.use == "both"
    file.write_text("fusion: {epochs: no}\n")
    with pytest.raises(TriptychError, match=r"c\.yaml: fusion\.epochs"):
        load_config(file, ("seed=4",))


@pytest.mark.parametrize(
    "setting", ["fusion.epochs=no", "seed=true", "normal=off", "decision.balance=no", "optimizer.betas=[yes, 0.9]"]
)
def test_a_truth_value_is_no_number_and_no_name(setting):
    with pytest.raises(TriptychError, match="true and false"):
        load_config(None, (setting,))
    assert load_config(None, ("encoders.readings=no",)).encoders.readings is False


def test_settings_go_on_top_of_the_file(tmp_path):
    (tmp_path / "c.yaml").write_text("fusion: {epochs: 5, heads: 2}\nseed: 3\n")
    config = load_config(tmp_path / "c.yaml", ("fusion.epochs=9",))
    assert (config.fusion.epochs, config.fusion.heads, config.seed) == (9, 2, 3)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("fusion.epoch=9", r"fusion\.epoch: there is no such key; allowed are kind, epochs, reduced"),
        ("fusions.epochs=9", r"fusions: there is no such key; allowed are seed, normal"),
        ("fusion.epochs=-1", r"fusion\.epochs: .*greater than or equal to 0; found -1"),
        ("alignment.stages=[0.6, 0.2]", r"the shares must rise"),
        ("fusion.epochs", r"expected key=value"),
        ("fusion.heads=5", r"reduced \(64\) must be a multiple of heads \(5\)"),
        ("seed.x.y=1", r"seed: .*valid integer"),
        ("seed=[", r"is not a YAML value"),
    ],
)
def test_a_wrong_setting_says_what_is_allowed(setting, message):
    with pytest.raises(TriptychError, match=message):
        load_config(None, (setting,))


@pytest.mark.parametrize("content", ["- a list", "a: b: c", b"\xff\xfe\x00"])
def test_a_file_that_is_no_configuration_is_named(tmp_path, content):
    file = tmp_path / "c.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TriptychError, match=r"c\.yaml: "):
        load_config(file)


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("seed=-1", "greater than or equal to 0; found -1"),
        ("seed=99999999999999999999", "less than 4294967296"),
        ("fusion.epochs=1000000000", "less than or equal to 100000"),
        ("optimizer.learning_rate=.inf", "finite number"),
        ("optimizer.learning_rate=.nan", "finite number"),
        ("fusion.epochs=2020-13-45", "is not a YAML value"),
        ("fusion.epochs=" + "9" * 5000, "is not a YAML value"),
        ("fusion.epochs=" + "[" * 5000, "is not a YAML value"),
    ],
)
def test_values_beyond_all_bounds_are_refused_in_a_short_line(setting, found):
    with pytest.raises(TriptychError, match=found) as raised:
        load_config(None, (setting,))
    assert len(str(raised.value)) < 600


def test_a_file_of_aliases_that_would_fill_the_memory_is_refused_at_once(tmp_path):
    aliases = (f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in pairwise("abcdefghi"))
    (tmp_path / "c.yaml").write_text("\n".join(["a: &a [x]", *aliases, "seed: *i"]))
    with pytest.raises(TriptychError):
        load_config(tmp_path / "c.yaml")
