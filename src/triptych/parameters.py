"""The settings of a configuration as an estimator's nested parameters."""

from typing import Any, Self

from sklearn.base import BaseEstimator

from triptych.config import Config
from triptych.errors import InputError, TriptychError

NESTED = "config__"  # before the name of a setting, as scikit-learn writes nested parameters


class ConfiguredEstimator(BaseEstimator):  # type: ignore[misc]
    """An estimator whose parameter `config` is a `Config` or None, and whose settings are parameters too."""

    config: Config | None

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters; with `deep`, every setting of `config` too, such as `config__fusion__epochs`."""
        params: dict[str, Any] = super().get_params(deep=False)
        config = Config() if self.config is None else self.config
        if deep and isinstance(config, Config):
            params |= {NESTED + key.replace(".", "__"): value for key, value in config.settings().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, nested ones too, such as `config__fusion__epochs=20`.

        Raises:
            ValueError: there is no such parameter, or the value is not allowed.
        """
        nested = {key: params.pop(key) for key in list(params) if key.startswith(NESTED)}
        super().set_params(**params)
        if nested:
            settings = {key.removeprefix(NESTED).replace("__", "."): value for key, value in nested.items()}
            self.config = changed(checked(self.config), settings)
        return self


def checked(config: Any) -> Config:
    """The configuration that `config` stands for."""
    if config is None:
        return Config()
    if not isinstance(config, Config):
        found = type(config).__name__
        raise InputError(f"config is of type {found}; give a Config, such as load_config(FILE), or None")
    return config


def changed(config: Config, settings: dict[str, Any]) -> Config:
    """`config` with other settings, and errors as scikit-learn's users expect them."""
    try:
        return config.with_settings(settings)
    except TriptychError as error:
        raise InputError(str(error)) from None
