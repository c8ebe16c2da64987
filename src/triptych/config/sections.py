"""The sections of the configuration: one model per concern, with its hyper-parameters and defaults.

Defaults are the `embedded` preset, with the paper's values (sections 3.2 to 4.1) where they apply to it.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

Epochs = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(gt=0, le=1)]
Rate = Annotated[float, Field(gt=0, lt=1)]
Cost = Annotated[float, Field(ge=0)]
Price = Annotated[float, Field(ge=0)]  # USD per million tokens
Way = Literal["generate", "choose", "structured"]

EXPERTS = ("panels", "readings", "trees", "sklearn:svc", "picture", "frozen", "words")


class Section(BaseModel):
    """A part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _only_switches_are_true_or_false(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse `no` for a number: YAML reads it as false, which pydantic would convert to 0."""
        items = value if isinstance(value, (list, tuple)) else [value]
        if (
            any(isinstance(item, bool) for item in items)
            and cls.model_fields[str(info.field_name)].annotation is not bool
        ):
            raise ValueError("true and false (also written yes, no, on, off) are not values of this setting")
        return value


class ReadingConfig(Section):
    """How the picture of a record is read. Records that come with readings are not read."""

    ocr: str = "rapidocr"  # OCR engine
    words: tuple[Path, ...] = ()  # files with further words of printed names; all languages of Triptych are known
    layouts: tuple[Path, ...] = ()  # layout files, or folders of them, by which records are read first
    max_pixels: int = Field(150_000_000, ge=256)  # larger pictures are refused; decoding takes 2 to 16 bytes per pixel
    working_pixels: int = Field(16_000_000, ge=65_536)  # larger pictures are reduced while they are decoded
    search: Literal["auto", "always"] = "auto"  # search for tables; `auto`: only in the `sample` if it has none
    sample: int = Field(24, ge=1)  # number of training pictures, drawn by the seed, that are searched first


class AnswersConfig(Section):
    """The models that describe the picture and reason over the readings (equation 1)."""

    vlm: str = "measured"  # provider of the description; `none`: there is no description, and its branch is missing
    llm: str = "rules"  # provider of the reasoning; `none`: there is no reasoning, and its branch is missing
    vlm_way: Way = "generate"  # text; `choose`: the probability of each class; `structured`: JSON that fits a schema
    llm_way: Way = "generate"  # the same for the LLM
    use: Literal["text", "probabilities", "both"] = "text"  # part of an answer with probabilities that is used
    shots: int = Field(0, ge=0)  # number of training records per class that the LLM's prompt shows with their labels
    vlm_price: tuple[Price, Price] | None = None  # USD per million input tokens and per million output tokens
    llm_price: tuple[Price, Price] | None = None  # the same for the LLM
    book: Path | None = None  # file with a defect book; None: the one that comes with Triptych

    @model_validator(mode="after")
    def _probabilities_come_from_somewhere(self) -> Self:
        if self.use != "text" and "choose" not in (self.vlm_way, self.llm_way):
            raise ValueError(f"use={self.use} needs probabilities: set answers.vlm_way or answers.llm_way to choose")
        return self


class EncodersConfig(Section):
    """The encoders (equation 2), their fine-tuning, and the branches on top of them."""

    image: str = "lite0"  # encoder of the picture
    text: str = "minilm"  # encoder of the description and of the reasoning
    tune: Literal["frozen", "adapters", "full"] = "frozen"  # trained weights: none, adapters in text encoders, all
    learning_rate: float = Field(5e-5, gt=0)  # learning rate of an encoder's own weights, for `tune: full`
    adapters_learning_rate: float = Field(1e-3, gt=0)  # learning rate of adapters inside text encoders
    readings: bool = True  # whether readings are features, and a fourth branch of the network; not in the paper
    dim: int = Field(256, ge=8)  # number of channels of every branch's representation
    image_components: int = Field(64, ge=8)  # number of principal components kept of the image encoder's channels
    dropout: float = Field(0.5, ge=0, lt=1)  # dropout rate in every branch and in the classifier


class OptimizerConfig(Section):
    """AdamW with a step-wise decaying learning rate, as in section 4.1."""

    learning_rate: float = Field(3e-3, gt=0)  # initial learning rate; 1e-2 in the paper
    betas: tuple[float, float] = (0.9, 0.999)  # AdamW's coefficients for the running averages of gradients
    eps: float = Field(1e-8, gt=0)  # AdamW's term for numerical stability
    weight_decay: float = Field(1e-2, ge=0)  # AdamW's weight decay
    decay: float = Field(0.75, gt=0, le=1)  # factor of the learning rate after every `decay_every` epochs
    decay_every: int = Field(15, ge=1)  # number of epochs between two decays of the learning rate
    batch_size: int = Field(10, ge=2)  # number of records per batch


class WarmUpConfig(Section):
    """Training of each branch alone, with cross-entropy, before alignment (section 3.2)."""

    epochs: Epochs = 30  # number of epochs


class AlignmentConfig(Section):
    """Progressive feature alignment (section 3.3, Table 4)."""

    stages: tuple[Share, ...] = (0.2, 0.4, 0.6, 0.8, 1.0)  # share of the training set in each stage; () skips alignment
    epochs: Epochs = 15  # number of epochs per stage
    temperature: float = Field(0.07, gt=0)  # initial value of the learnable temperature
    rerank: bool = False  # whether pending records are ranked before every stage, not only before the first

    @field_validator("stages")
    @classmethod
    def _rising(cls, stages: tuple[float, ...]) -> tuple[float, ...]:
        if list(stages) != sorted(set(stages)):
            raise ValueError("the shares must rise, as in [0.2, 0.6, 1.0]")
        return stages


class FusionConfig(Section):
    """Cross-modality attention fusion (section 3.4), and the alternatives of Table 5."""

    kind: Literal["cmaf", "cmaf-no-sigmoid", "concatenation"] = "cmaf"  # method of fusion
    epochs: Epochs = 60  # number of epochs
    reduced: int = Field(64, ge=4)  # r of equation 7
    heads: int = Field(4, ge=1)  # number of attention heads; must divide `reduced`
    label_smoothing: float = Field(0.1, ge=0, lt=1)  # share of the target spread over all classes
    branch_dropout: float = Field(0.3, ge=0, lt=1)  # share of branches dropped in training; not in the paper
    averaged: float = Field(2 / 3, ge=0, le=1)  # last share of the epochs whose weights are averaged; 0: no averaging

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> Self:
        if self.reduced % self.heads:
            raise ValueError(f"reduced ({self.reduced}) must be a multiple of heads ({self.heads})")
        return self


class AugmentConfig(Section):
    """Task-specific data augmentation (section 3.5)."""

    tda: str = "auto"  # `auto` chooses among `none`, `turn` and `resample` by cross-fitting; `gaussian` is the paper's
    factor: float | None = Field(None, ge=1)  # size of the augmented training set, as a multiple; None: the method's
    tried_factor: float = Field(3.0, ge=1)  # the same while `auto` compares augmentations
    doubt: float = Field(2.0, ge=0)  # `auto` rejects a method that is worse than the best by more standard errors


class CrossFittingConfig(Section):
    """Cross-fitting: held-out predictions, which determine pool weights, augmentation, epochs and branches."""

    folds: int = Field(4, ge=1)  # number of folds; 1: no cross-fitting, and all experts have equal weights
    least_records: int = Field(20, ge=2)  # number of records; with fewer, there is no cross-fitting
    processes: int | None = Field(None, ge=1)  # number of processes that train folds in parallel; None: one per core
    better_than: float = Field(0.98, gt=0)  # a branch must be below this share of the class frequencies' Brier score
    least_epochs: Share = 0.1  # least share of the configured epochs that a network is trained for


class PoolConfig(Section):
    """How the experts' probabilities are pooled."""

    prior: float = Field(1.0, ge=0)  # strength of the penalty on unequal weights
    better_than: float = Field(0.98, gt=0)  # an expert must be below this share of the class frequencies' log loss
    least_share: float = Field(0.02, ge=0, lt=1)  # an expert must have more than this share of the sum of all weights


class LinearConfig(Section):
    """The linear experts: C of scikit-learn, the inverse strength of the penalty, on standardised features."""

    readings: float = Field(0.1, gt=0)  # C of the expert `readings`
    words: float = Field(0.03, gt=0)  # C of the expert `words`
    frozen: float = Field(0.003, gt=0)  # C of the expert `frozen`


class TreesConfig(Section):
    """The expert `trees`: extremely randomised trees."""

    count: int = Field(300, ge=1)  # number of trees
    least_in_leaf: int = Field(1, ge=1)  # least number of examples in a leaf
    most_leaves: int = Field(5_000, ge=2)  # about the greatest number of leaves of a tree; more examples share leaves


class SklearnConfig(Section):
    """The experts `sklearn:...`."""

    svc_strength: float = Field(3.0, gt=0)  # C of `sklearn:svc`, the inverse strength of the penalty
    most_examples: int = Field(10_000, ge=2)  # records and drawn records; of more, a part is learned from


class PictureConfig(Section):
    """The expert `picture`: late layers of EfficientNet-Lite0, trained with AdamW and one cycle of learning rates."""

    epochs: int = Field(24, ge=1, le=100_000)  # number of epochs on all records
    fold_epochs: int = Field(14, ge=1, le=100_000)  # number of epochs in a fold, which only serves to weight the expert
    batch_size: int = Field(16, ge=2)  # number of pictures per batch
    learning_rate: float = Field(5e-4, gt=0)  # maximum learning rate of the encoder
    head_learning_rate: float = Field(2.5e-3, gt=0)  # maximum learning rate of the classifier on top
    weight_decay: float = Field(0.05, ge=0)  # AdamW's weight decay
    dropout: float = Field(0.2, ge=0, lt=1)  # dropout rate before the classifier
    label_smoothing: float = Field(0.1, ge=0, lt=1)  # share of the target spread over all classes
    longest_step: float = Field(1.0, gt=0)  # norm to which the gradient of the encoder is clipped
    side: int = Field(112, ge=32)  # side of the network's input picture, in px
    frozen_blocks: int = Field(3, ge=0, le=15)  # number of first blocks that are not trained
    least_plots: Share = 0.5  # least share of records with a plot for training on plots, not pictures
    kept_maps: int = Field(10_000, ge=0)  # early maps are kept in memory, at 38 kB each, for at most so many pictures


class DecisionConfig(Section):
    """The choice of the class, and the release of a record without review."""

    balance: float = Field(0.5, ge=0, le=1)  # 0: the most probable class; 1: as if all classes were equally frequent
    accept_above: float = Field(0.8, ge=0, le=1)  # least probability of the chosen class for a release
    max_escape: Rate | None = None  # promised share of the defective records that are released as normal
    max_overkill: Rate | None = None  # promised share of the normal records that are released as defective
    per_class: bool = False  # whether the promised escape rate must also hold for each defect class
    novelty_share: float = Field(0.01, ge=0, lt=1)  # share of records like the training records that count as unlike
    novelty_records: int = Field(2_000, ge=20)  # training records with which a record is compared, drawn by the seed
    confidence: Rate = 0.95  # confidence of promises and of prediction sets
    costs: tuple[Cost, Cost, Cost] | None = None  # of an escape, an overkill and a review, instead of promises

    @model_validator(mode="after")
    def _costs_or_promises(self) -> Self:
        if self.costs is not None and (self.max_escape is not None or self.max_overkill is not None):
            raise ValueError("costs and promised rates both set the thresholds: give one of them")
        return self


class MonitoringConfig(Section):
    """The watch over new records (`triptych watch`)."""

    level: float = Field(0.05, gt=0, lt=1)  # probability of ever a false alarm
    variance: float = Field(0.25, gt=0)  # variance of the shifts that are betted on, in squared standard deviations
    restart: int = Field(100, ge=1)  # records after which a part of the capital starts anew
    directions: int = Field(4, ge=0)  # number of random directions of the embedding that are watched
    drift_level: float = Field(0.01, gt=0, lt=1)  # corrected p-value below which drift is beyond chance


class AuditConfig(Section):
    """The audit of a data set; training and prediction do not use it."""

    experts: tuple[str, ...] = ("readings", "frozen", "words")  # experts whose out-of-fold probabilities are used
    neighbours: int = Field(10, ge=1)  # number of nearest neighbours whose labels are compared with a record's
    label_doubt: float = Field(0.9, ge=0, lt=1)  # least doubt of a reported label: odds of 9 to 1 for another class
    significance: float = Field(0.01, gt=0, lt=1)  # error rate of all tests for leaks together, and for batch effects
    permutations: int = Field(2_000, ge=100)  # number of permutations per test; more if the correction needs them
    leak_share: Share = 0.1  # least share of the labels' entropy that a leaking field explains
    batch_share: Share = 0.1  # least share of a reading's variance within classes that a batch effect explains
    dissent: float = Field(0.01, ge=0, lt=1)  # greatest share of the parts in which duplicates without numbers differ
    alike: float = Field(0.1, gt=0)  # greatest median difference of duplicates' numbers, in standard deviations
    deviations: float = Field(15.0, gt=0)  # robust standard deviations between print and plot that are a contradiction
    escape_rate: Rate = 0.05  # escape rate that the records should be able to prove, without `decision.max_escape`


class ComputeConfig(Section):
    """The device and precision of the network."""

    device: str = "auto"  # `cpu`, `cuda`, `cuda:1`; `auto`: a GPU for trained encoders if there is one, else the CPU
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # `auto`: bfloat16 for trained encoders on a GPU
