"""The configuration: every choice and every hyper-parameter, one model per concern.

Defaults are the `embedded` preset, with the paper's values (sections 3.2 to 4.1) where they apply to it; the `paper`
preset changes what `presets/paper.yaml` lists. A configuration is YAML, and unknown keys are refused. The complete
configuration is written beside every model.
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
    AuditConfig,
    AugmentConfig,
    ComputeConfig,
    CrossFittingConfig,
    DecisionConfig,
    EncodersConfig,
    FusionConfig,
    LinearConfig,
    MonitoringConfig,
    OptimizerConfig,
    PictureConfig,
    PoolConfig,
    ReadingConfig,
    Section,
    SklearnConfig,
    TreesConfig,
    WarmUpConfig,
)
from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.text import shortened
from triptych.yaml_values import parse_yaml

PRESETS = ("embedded", "paper")


class Config(Section):
    """The complete configuration."""

    seed: int = Field(0, ge=0, lt=2**32)  # seed of all random numbers
    normal: str | None = None  # normal class; None: the class named `normal`, `ok`, `good` or `none`
    group: str | None = None  # column with the groups, which no split divides; None: the column `group`, if it exists
    experts: tuple[str, ...] = EXPERTS  # classifiers that are pooled; `sklearn:<name>` is a scikit-learn estimator
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
    sklearn: SklearnConfig = SklearnConfig()
    picture: PictureConfig = PictureConfig()
    decision: DecisionConfig = DecisionConfig()
    monitoring: MonitoringConfig = MonitoringConfig()
    audit: AuditConfig = AuditConfig()
    compute: ComputeConfig = ComputeConfig()

    @field_validator("experts")
    @classmethod
    def _different(cls, experts: tuple[str, ...]) -> tuple[str, ...]:
        if not experts or len(set(experts)) < len(experts):
            raise ValueError("name at least one expert, and each once, as in [panels, readings]")
        return experts

    def changed(self, *settings: str) -> "Config":
        """The same configuration with changed `settings`, such as `fusion.epochs=10`.

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
        """The same configuration with changed values, by names such as `fusion.epochs`.

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
    """The configuration of `preset`, changed by `file` and then by `settings`, such as `fusion.epochs=10`.

    Raises:
        TriptychError: the preset does not exist, the file is not a YAML mapping, a key is unknown, or a value is not
            allowed.
    """
    values = _preset(preset)
    if file is not None:
        _override(values, _read_yaml(as_path(file)))
    return _validated(values, settings, "--set" if file is None else str(file))


def _validated(values: dict[str, Any], settings: Sequence[str], source: str) -> Config:
    """The configuration of `values`, changed by `settings`; messages about `values` name `source`."""
    for setting in settings:
        _set(values, setting)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if any(f"{key}.".startswith(f"{name}.") for name, _, _ in (s.partition("=") for s in settings)):
            source = "--set"
        raise TriptychError(f"{source}: {shortened(key)}: {_explain(first)}") from None


def _preset(name: str) -> dict[str, Any]:
    """The settings in which a preset differs from the defaults."""
    if name not in PRESETS:
        raise TriptychError(f"preset {name!r}: there is no such preset; choose {' or '.join(PRESETS)}")
    return {} if name == PRESETS[0] else _read_yaml(Path(str(files("triptych") / "presets" / f"{name}.yaml")))


def _override(values: dict[str, Any], changes: dict[str, Any]) -> None:
    """Override settings in `values` by those in `changes`, section by section."""
    for name, value in changes.items():
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
    """Set `a.b=value` in the nested `values`; the value is parsed as YAML."""
    key, equals, text = setting.partition("=")
    if not equals:
        raise TriptychError(f"--set {shortened(setting)}: expected key=value, such as --set fusion.epochs=10")
    try:
        value = parse_yaml(text)
    except ValueError:
        found = shortened(text)
        raise TriptychError(f"--set {shortened(setting)}: {found!r} is not a YAML value; put it in quotes") from None
    _put(values, key, value, f"--set {shortened(setting)}")


def _put(values: dict[str, Any], key: str, value: Any, source: str) -> None:
    """Set a key such as `a.b` of the nested `values` to `value`; `source` is its name in messages."""
    *path, last = key.split(".")
    for part in path:
        values = values.setdefault(part, {})
        if not isinstance(values, dict):
            raise TriptychError(f"{source}: {part} is a value and has no keys below it")
    values[last] = value


def _plain(value: Any) -> Any:
    """`value` without NumPy types, which parameter searches draw from arrays and distributions."""
    return value.tolist() if hasattr(value, "tolist") else value


def _explain(error: Any) -> str:
    """What is wrong with a value, and what is allowed."""
    if error["type"] != "extra_forbidden":
        return f"{error['msg']}; found {reprlib.repr(error['input'])}"
    model: type[BaseModel] = Config
    for part in error["loc"][:-1]:
        model = model.model_fields[part].annotation  # type: ignore[assignment]
    return f"there is no such key; allowed are {', '.join(model.model_fields)}"
