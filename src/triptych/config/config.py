"""The configuration: every choice and every hyper-parameter, one model per concern.

Defaults are the `embedded` preset, with the paper's values (sections 3.2 to 4.1) where they apply to it; the `paper`
preset changes what `presets/paper.yaml` lists. A configuration is YAML; unknown keys are refused; the whole of it is
written beside every model.
"""

import reprlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator

from triptych.config.sections import (
    EXPERTS,
    AlignmentConfig,
    AnswersConfig,
    AugmentConfig,
    ComputeConfig,
    CrossFittingConfig,
    DecisionConfig,
    EncodersConfig,
    FusionConfig,
    LinearConfig,
    OptimizerConfig,
    PictureConfig,
    PoolConfig,
    ReadingConfig,
    Section,
    SvcConfig,
    TreesConfig,
    WarmUpConfig,
)
from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.text import shortened
from triptych.yaml_values import parse_yaml

PRESETS = ("embedded", "paper")


class Config(Section):
    """The whole configuration."""

    seed: int = Field(0, ge=0, lt=2**32)  # what the random number generators of all libraries take
    normal: str | None = None  # name of the normal class; None: found by name
    group: str | None = None  # the manifest's column of groups, which no split divides; None: `group`, if there is one
    experts: tuple[str, ...] = EXPERTS  # what gives class probabilities; `sklearn:<name>` is a scikit-learn estimator
    reading: ReadingConfig = ReadingConfig()
    answers: AnswersConfig = AnswersConfig()
    encoders: EncodersConfig = EncodersConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    warm_up: WarmUpConfig = WarmUpConfig()
    alignment: AlignmentConfig = AlignmentConfig()
    fusion: FusionConfig = FusionConfig()
    augment: AugmentConfig = AugmentConfig()
    cross_fitting: CrossFittingConfig = CrossFittingConfig()
    pool: PoolConfig = PoolConfig()
    linear: LinearConfig = LinearConfig()
    trees: TreesConfig = TreesConfig()
    svc: SvcConfig = SvcConfig()
    picture: PictureConfig = PictureConfig()
    decision: DecisionConfig = DecisionConfig()
    compute: ComputeConfig = ComputeConfig()

    @field_validator("experts")
    @classmethod
    def _different(cls, experts: tuple[str, ...]) -> tuple[str, ...]:
        if not experts or len(set(experts)) < len(experts):
            raise ValueError("name at least one expert, and each once, as in [panels, readings]")
        return experts

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
