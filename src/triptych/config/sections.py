"""The sections of the configuration: one model per concern, with its hyper-parameters and defaults.

Defaults are the `embedded` preset, with the paper's values (sections 3.2 to 4.1) where they apply to it.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Epochs = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(gt=0, le=1)]
Price = Annotated[float, Field(ge=0)]  # USD for a million tokens
Way = Literal["generate", "choose", "structured"]

EXPERTS = ("panels", "readings", "trees", "sklearn:svc", "picture", "frozen", "words")


class Section(BaseModel):
    """A part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ReadingConfig(Section):
    """How readings get out of the picture; records that bring readings of their own are not read again."""

    ocr: str = "rapidocr"  # the OCR engine
    max_pixels: int = Field(150_000_000, ge=256)  # a larger picture is refused; decoding takes 2 to 16 bytes a pixel
    working_pixels: int = Field(16_000_000, ge=65_536)  # a larger picture is reduced while it is decoded
    search: Literal["auto", "always"] = "auto"  # for tables; `auto`: only the `sample` if it has none
    sample: int = Field(24, ge=1)  # training pictures, drawn by the seed, that are searched first


class AnswersConfig(Section):
    """Who describes the picture and who reasons over the readings (equation 1)."""

    vlm: str = "measured"  # `none` asks nobody, and the branch is missing
    llm: str = "rules"  # the same for the reasoning
    vlm_way: Way = "generate"  # words; `choose`: the probability of each class; `structured`: JSON that fits a schema
    llm_way: Way = "generate"  # the same for the LLM
    use: Literal["text", "probabilities", "both"] = "text"  # what the classifier gets of an answer with probabilities
    shots: int = Field(0, ge=0)  # training records of each class that the LLM is shown with their labels
    vlm_price: tuple[Price, Price] | None = None  # USD for a million tokens in and out
    llm_price: tuple[Price, Price] | None = None  # the same for the LLM
    book: Path | None = None  # a defect book of your own; None: the one that comes with Triptych

    @model_validator(mode="after")
    def _probabilities_come_from_somewhere(self) -> Self:
        if self.use != "text" and "choose" not in (self.vlm_way, self.llm_way):
            raise ValueError(f"use={self.use} needs probabilities: set answers.vlm_way or answers.llm_way to choose")
        return self


class EncodersConfig(Section):
    """The encoders (equation 2), how far they are fine-tuned, and what is trained on them."""

    image: str = "lite0"  # encoder of the picture
    text: str = "minilm"  # encoder of the description and of the reasoning
    tune: Literal["frozen", "adapters", "full"] = "frozen"  # or train adapters in the text encoders; or all weights
    learning_rate: float = Field(5e-5, gt=0)  # of an encoder's own weights, where they are trained
    adapters_learning_rate: float = Field(1e-3, gt=0)  # of adapters inside an encoder
    readings: bool = True  # the fourth branch; not in the paper
    dim: int = Field(256, ge=8)  # size of every branch's representation
    image_components: int = Field(64, ge=8)  # principal components kept of the image encoder's channels
    dropout: float = Field(0.5, ge=0, lt=1)  # in every branch


class OptimizerConfig(Section):
    """AdamW with a step-wise decaying learning rate, as in section 4.1."""

    learning_rate: float = Field(3e-3, gt=0)  # the paper's is 1e-2
    betas: tuple[float, float] = (0.9, 0.999)  # of AdamW
    eps: float = Field(1e-8, gt=0)  # of AdamW
    weight_decay: float = Field(1e-2, ge=0)  # of AdamW
    decay: float = Field(0.75, gt=0, le=1)  # factor of the learning rate after every `decay_every` epochs
    decay_every: int = Field(15, ge=1)  # epochs
    batch_size: int = Field(10, ge=2)  # records


class WarmUpConfig(Section):
    """Each branch alone, with cross-entropy, before alignment (section 3.2)."""

    epochs: Epochs = 30  # of each branch


class AlignmentConfig(Section):
    """Progressive feature alignment (section 3.3, Table 4)."""

    stages: tuple[Share, ...] = (0.2, 0.4, 0.6, 0.8, 1.0)  # shares of the training set; () skips alignment
    epochs: Epochs = 15  # per stage
    temperature: float = Field(0.07, gt=0)  # where the learnable temperature starts
    rerank: bool = False  # rank the pending records before every stage, not only before the first

    @field_validator("stages")
    @classmethod
    def _rising(cls, stages: tuple[float, ...]) -> tuple[float, ...]:
        if list(stages) != sorted(set(stages)):
            raise ValueError("the shares must rise, as in [0.2, 0.6, 1.0]")
        return stages


class FusionConfig(Section):
    """Cross-modality attention fusion (section 3.4), and what Table 5 compares it with."""

    kind: Literal["cmaf", "cmaf-no-sigmoid", "concatenation"] = "cmaf"  # how branches are fused
    epochs: Epochs = 60  # of fusion
    reduced: int = Field(64, ge=4)  # r of equation 7
    heads: int = Field(4, ge=1)  # of the attention; `reduced` is a multiple
    label_smoothing: float = Field(0.1, ge=0, lt=1)  # share of the target spread over all classes
    branch_dropout: float = Field(0.3, ge=0, lt=1)  # share of branches dropped in training; not in the paper
    averaged: float = Field(2 / 3, ge=0, le=1)  # share of the last epochs whose weights are averaged

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> Self:
        if self.reduced % self.heads:
            raise ValueError(f"reduced ({self.reduced}) must be a multiple of heads ({self.heads})")
        return self


class AugmentConfig(Section):
    """Task-specific data augmentation (section 3.5)."""

    tda: str = "auto"  # the best of `none`, `turn` and `resample` on the training records; `gaussian` is the paper's
    factor: float | None = Field(None, ge=1)  # size of the augmented training set, as a multiple; None: its own
    tried_factor: float = Field(3.0, ge=1)  # the same while `auto` compares augmentations
    doubt: float = Field(2.0, ge=0)  # one that is worse than the best by more standard errors is rejected


class CrossFittingConfig(Section):
    """Out-of-fold predictions, by which experts are weighed, and augmentation, epochs and branches are chosen."""

    folds: int = Field(4, ge=1)  # 1: no cross-fitting; every expert is trained on all records and counts alike
    least_records: int = Field(20, ge=2)  # with fewer there is no cross-fitting
    processes: int | None = Field(None, ge=1)  # that train folds in parallel; None: one per core
    better_than: float = Field(0.98, gt=0)  # share of the class frequencies' Brier score; a branch above it is left out
    least_epochs: Share = 0.1  # least share of the configured epochs that a network is trained for


class PoolConfig(Section):
    """How the experts' probabilities are pooled."""

    prior: float = Field(1.0, ge=0)  # strength of the pull towards equal weights
    better_than: float = Field(0.98, gt=0)  # share of the class frequencies' log loss that an expert must come below
    least_share: float = Field(0.02, ge=0, lt=1)  # of the sum of all weights; an expert below it is dropped


class LinearConfig(Section):
    """Linear experts: scikit-learn's C, the inverse strength of the penalty on standardised features."""

    readings: float = Field(0.1, gt=0)  # of the expert `readings`
    words: float = Field(0.03, gt=0)  # of the expert `words`
    frozen: float = Field(0.003, gt=0)  # of the expert `frozen`


class TreesConfig(Section):
    """Experts that are ensembles of trees."""

    count: int = Field(300, ge=1)  # trees
    least_in_leaf: int = Field(1, ge=1)  # records


class SvcConfig(Section):
    """The expert `sklearn:svc`."""

    strength: float = Field(3.0, gt=0)  # C


class PictureConfig(Section):
    """The expert `picture`: late layers of EfficientNet-Lite0, trained with AdamW and one cycle of learning rates."""

    epochs: int = Field(24, ge=1, le=100_000)
    fold_epochs: int = Field(10, ge=1, le=100_000)  # in the folds of cross-fitting, which only weigh the expert
    batch_size: int = Field(16, ge=2)  # pictures
    learning_rate: float = Field(5e-4, gt=0)  # the highest one, of the encoder
    head_learning_rate: float = Field(2.5e-3, gt=0)  # the highest one, of the classifier on top
    weight_decay: float = Field(0.05, ge=0)  # of AdamW
    dropout: float = Field(0.2, ge=0, lt=1)  # before the classifier
    label_smoothing: float = Field(0.1, ge=0, lt=1)  # share of the target spread over all classes
    longest_step: float = Field(1.0, gt=0)  # largest norm of the gradient
    side: int = Field(112, ge=32)  # px, of the picture that the network sees
    frozen_blocks: int = Field(3, ge=0, le=15)  # first blocks, which are not trained
    least_plots: Share = 0.5  # least share of records with a plot, to learn from plots and not pictures
    kept_maps: int = Field(10_000, ge=0)  # pictures whose early maps are kept in memory, at 38 kB each


class DecisionConfig(Section):
    """Which class a record is called, and when it is released without a person looking."""

    balance: float = Field(0.5, ge=0, le=1)  # 0: the most probable class; 1: as if all were equally frequent
    accept_above: float = Field(0.8, ge=0, le=1)  # least probability of the predicted class


class ComputeConfig(Section):
    """Where the network is trained and used."""

    device: str = "auto"  # cpu, cuda, cuda:1; auto takes a GPU for encoders that are trained, and else the CPU
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # of trained encoders; auto: bfloat16 on a GPU
