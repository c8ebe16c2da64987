"""The configuration: every choice and every hyper-parameter, one model per concern.

Defaults are the `embedded` preset, with the paper's values (sections 3.2 to 4.1) where they apply to it; the `paper`
preset changes what `presets/paper.yaml` lists. A configuration is YAML; unknown keys are refused; the whole of it is
written beside every model.
"""

import reprlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.text import shortened
from triptych.yaml_values import parse_yaml

PRESETS = ("embedded", "paper")
Epochs = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(gt=0, le=1)]
Price = Annotated[float, Field(ge=0)]  # USD for a million tokens
Way = Literal["generate", "choose", "structured"]


class Section(BaseModel):
    """A part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ReadingConfig(Section):
    """How readings get out of the picture; records that bring readings of their own are not read again."""

    ocr: str = "rapidocr"
    max_pixels: int = Field(150_000_000, ge=256)  # a larger picture is refused; decoding takes 2 to 16 bytes a pixel
    working_pixels: int = Field(16_000_000, ge=65_536)  # a larger picture is reduced while it is decoded
    search: Literal["auto", "always"] = "auto"  # for tables; `auto`: not in all pictures where `sample` have none
    sample: int = Field(24, ge=1)  # training pictures, drawn by the seed, that are searched first


class AnswersConfig(Section):
    """Who describes the picture and who reasons over the readings (equation 1)."""

    vlm: str = "measured"  # `none` asks nobody, and the branch is missing
    llm: str = "rules"
    vlm_way: Way = "generate"  # words; `choose`: the probability of each class; `structured`: JSON that fits a schema
    llm_way: Way = "generate"
    use: Literal["text", "probabilities", "both"] = "text"  # what the classifier gets of an answer with probabilities
    shots: int = Field(0, ge=0)  # training records of each class that the LLM is shown with their labels
    vlm_price: tuple[Price, Price] | None = None  # of a token in and of one out, for the cost that the store keeps
    llm_price: tuple[Price, Price] | None = None
    book: Path | None = None  # a defect book of your own; None: the one that comes with Triptych

    @model_validator(mode="after")
    def _probabilities_come_from_somewhere(self) -> Self:
        if self.use != "text" and "choose" not in (self.vlm_way, self.llm_way):
            raise ValueError(f"use={self.use} needs probabilities: set answers.vlm_way or answers.llm_way to choose")
        return self


class EncodersConfig(Section):
    """The encoders (equation 2), how far they are fine-tuned, and what is trained on them."""

    image: str = "lite0"
    text: str = "minilm"
    tune: Literal["frozen", "adapters", "full"] = "frozen"  # features cached; adapters in the texts'; every weight
    learning_rate: float = Field(5e-5, gt=0)  # of an encoder's own weights, where they are trained
    adapters_learning_rate: float = Field(1e-3, gt=0)  # of adapters inside an encoder
    readings: bool = True  # the fourth panel, beyond the paper
    plot: bool = True  # an encoder trained on the digitised plots, where the trial finds it of use; beyond the paper
    dim: int = Field(256, ge=8)  # of every branch's representation
    image_components: int = Field(64, ge=8)  # principal components kept of the image encoder's channels
    dropout: float = Field(0.5, ge=0, lt=1)


class OptimizerConfig(Section):
    """AdamW with a step-wise decaying learning rate, as in section 4.1."""

    learning_rate: float = Field(3e-3, gt=0)  # the paper's is 1e-2
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = Field(1e-8, gt=0)
    weight_decay: float = Field(1e-2, ge=0)
    decay: float = Field(0.75, gt=0, le=1)
    decay_every: int = Field(15, ge=1)  # epochs
    batch_size: int = Field(10, ge=2)


class WarmUpConfig(Section):
    """Each branch alone, with cross-entropy, before alignment (section 3.2)."""

    epochs: Epochs = 30
    trial: bool = True  # try it out first, and shorten training and leave out panels by what came of it; no paper's


class AlignmentConfig(Section):
    """Progressive feature alignment (section 3.3, Table 4)."""

    stages: tuple[Share, ...] = (0.2, 0.4, 0.6, 0.8, 1.0)  # shares of the training set; () skips alignment
    epochs: Epochs = 15  # per stage
    temperature: float = Field(0.07, gt=0)  # where the learnable temperature starts
    rerank: bool = False  # rank what is pending again before every stage, and not once before the first

    @field_validator("stages")
    @classmethod
    def _rising(cls, stages: tuple[float, ...]) -> tuple[float, ...]:
        if list(stages) != sorted(set(stages)):
            raise ValueError("the shares must rise, as in [0.2, 0.6, 1.0]")
        return stages


class FusionConfig(Section):
    """Cross-modality attention fusion (section 3.4), and what Table 5 compares it with."""

    kind: Literal["cmaf", "cmaf-no-sigmoid", "concatenation"] = "cmaf"
    epochs: Epochs = 60
    reduced: int = Field(64, ge=4)  # r of equation 7
    heads: int = Field(4, ge=1)
    label_smoothing: float = Field(0.1, ge=0, lt=1)
    panel_dropout: float = Field(0.3, ge=0, lt=1)  # share of panels left out in training, beyond the paper
    averaged: float = Field(2 / 3, ge=0, le=1)  # share of the epochs, the last ones, whose weights are averaged

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> Self:
        if self.reduced % self.heads:
            raise ValueError(f"reduced ({self.reduced}) must be a multiple of heads ({self.heads})")
        return self


class AugmentConfig(Section):
    """Task-specific data augmentation (section 3.5)."""

    tda: str = "auto"  # the best of `none`, `turn` and `resample` on the training records; `gaussian` is the paper's
    factor: float | None = Field(None, ge=1)  # size of the training set after it, as a multiple; None: its own


class DecisionConfig(Section):
    """When a record is released without a person looking."""

    accept_above: float = Field(0.8, ge=0, le=1)  # least probability of the predicted class


class ComputeConfig(Section):
    """Where the network is trained and used."""

    device: str = "auto"  # cpu, cuda, cuda:1; auto takes a GPU for encoders that are trained, and else the CPU
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # of trained encoders; auto: bfloat16 on a GPU


class Config(Section):
    """The whole configuration."""

    seed: int = Field(0, ge=0, lt=2**32)  # what the random number generators of all libraries take
    normal: str | None = None  # name of the normal class; None: found by name
    group: str | None = None  # the manifest's column of groups, which no split divides; None: `group`, if there is one
    reading: ReadingConfig = ReadingConfig()
    answers: AnswersConfig = AnswersConfig()
    encoders: EncodersConfig = EncodersConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    warm_up: WarmUpConfig = WarmUpConfig()
    alignment: AlignmentConfig = AlignmentConfig()
    fusion: FusionConfig = FusionConfig()
    augment: AugmentConfig = AugmentConfig()
    decision: DecisionConfig = DecisionConfig()
    compute: ComputeConfig = ComputeConfig()

    def changed(self, *settings: str) -> "Config":
        """The same configuration with `settings` such as `fusion.epochs=10` on top.

        Raises:
            TriptychError: an unknown key, or a value that is not allowed.
        """
        return _validated(self.model_dump(mode="json"), settings, "--set")

    def settings(self) -> dict[str, Any]:
        """Every setting by its name, such as `fusion.epochs`."""
        found: dict[str, Any] = {}
        for name, value in self:
            below = {f"{name}.{key}": item for key, item in value} if isinstance(value, Section) else {name: value}
            found |= below
        return found

    def with_settings(self, settings: Mapping[str, Any]) -> "Config":
        """The same configuration with values in the place of others, by names such as `fusion.epochs`.

        Raises:
            TriptychError: an unknown key, or a value that is not allowed.
        """
        values = self.model_dump(mode="json")
        for key, value in settings.items():
            _put(values, key, _plain(value), key)
        return _validated(values, (), "configuration")

    def to_yaml(self) -> str:
        """The configuration as YAML that `load_config` reads back."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False)


def load_config(file: StrPath | None = None, settings: tuple[str, ...] = (), preset: str = PRESETS[0]) -> Config:
    """The configuration of `preset`, with that in `file` on top, and `settings` such as `fusion.epochs=10` on both.

    Raises:
        TriptychError: no such preset, a file that is no YAML mapping, an unknown key, or a value that is not allowed.
    """
    values = _preset(preset)
    if file is not None:
        _lay_over(values, _read_yaml(as_path(file)))
    return _validated(values, settings, "--set" if file is None else str(file))


def _validated(values: dict[str, Any], settings: Sequence[str], source: str) -> Config:
    """The configuration that `values` and `settings` on top describe; `source` is what errors call it."""
    for setting in settings:
        _set(values, setting)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise TriptychError(f"{source}: {shortened(key)}: {_explain(first)}") from None


def _preset(name: str) -> dict[str, Any]:
    """What a preset changes of the defaults."""
    if name not in PRESETS:
        raise TriptychError(f"preset {name!r}: there is no such preset; choose {' or '.join(PRESETS)}")
    return {} if name == PRESETS[0] else _read_yaml(Path(str(files("triptych") / "presets" / f"{name}.yaml")))


def _lay_over(values: dict[str, Any], upper: dict[str, Any]) -> None:
    """Put the settings of `upper` over `values`, section by section."""
    for name, value in upper.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            values[name].update(value)
        else:
            values[name] = value


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        values = parse_yaml(file.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError) as error:
        raise TriptychError(f"{file}: not a configuration that can be read ({shortened(str(error))})") from None
    if not isinstance(values, dict):
        raise TriptychError(f"{file}: a configuration is a mapping of sections, such as 'fusion: {{epochs: 60}}'")
    return values


def _set(values: dict[str, Any], setting: str) -> None:
    """Put `a.b=value` into the nested `values`; the value is read as YAML."""
    key, equals, text = setting.partition("=")
    if not equals:
        raise TriptychError(f"--set {shortened(setting)}: expected key=value, such as --set fusion.epochs=10")
    try:
        value = parse_yaml(text)
    except ValueError:
        found = shortened(text)
        raise TriptychError(f"--set {shortened(setting)}: {found!r} is no YAML value; put it in quotes") from None
    _put(values, key, value, f"--set {shortened(setting)}")


def _put(values: dict[str, Any], key: str, value: Any, source: str) -> None:
    """Put `value` into the nested `values` at a key such as `a.b`; `source` is what errors call it."""
    *path, last = key.split(".")
    for part in path:
        values = values.setdefault(part, {})
        if not isinstance(values, dict):
            raise TriptychError(f"{source}: {part} is a value and has no keys below it")
    values[last] = value


def _plain(value: Any) -> Any:
    """`value` without numpy's types, which searches draw from arrays and distributions."""
    return value.tolist() if hasattr(value, "tolist") else value


def _explain(error: Any) -> str:
    """What is wrong with a value, and what is allowed."""
    if error["type"] != "extra_forbidden":
        return f"{error['msg']}; found {reprlib.repr(error['input'])}"
    model: type[BaseModel] = Config
    for part in error["loc"][:-1]:
        model = model.model_fields[part].annotation  # type: ignore[assignment]
    return f"there is no such key; allowed are {', '.join(model.model_fields)}"
