"""The rows of the paper's tables (sections 4.2 and 4.3, Tables 2 to 5) with its results, and the runs behind them.

The rows of Tables 3 to 5 are changes to a configuration.

A row of the paper names the parts that are on. Parts that are off are replaced by the simplest alternative: without
PFA there is no alignment, without CMAF the fusion is direct concatenation, without TDA the training set is unchanged.
"Direct alignment" aligns on the whole training set for as many steps as the five stages together: 15 (0.2 + 0.4 + 0.6
+ 0.8 + 1) = 45 epochs.
"""

from dataclasses import dataclass

from triptych.config import Config
from triptych.evaluation.peers import PAPER_SPECS

ALIGNMENTS = {
    "pfa": ("alignment.stages=[0.2, 0.4, 0.6, 0.8, 1.0]",),
    "pfa3": ("alignment.stages=[0.2, 0.6, 1.0]",),
    "direct": ("alignment.stages=[1.0]", "alignment.epochs=45"),
    "unaligned": ("alignment.stages=[]",),
}
FUSIONS = {
    "cmaf": ("fusion.kind=cmaf",),
    "nosigmoid": ("fusion.kind=cmaf-no-sigmoid",),
    "concat": ("fusion.kind=concatenation",),
}
TDA = {"tda": ("augment.tda=gaussian",), "plain": ("augment.tda=none",)}
PANELS_ALONE = ("experts=[panels]", "cross_fitting.folds=1", "decision.balance=0")  # the paper's network alone


@dataclass(frozen=True)
class Variant:
    """The paper's network with one choice from each of ALIGNMENTS, FUSIONS and TDA."""

    alignment: str
    fusion: str
    tda: str
    binary: bool = False  # trained on the two classes normal and defective

    @property
    def name(self) -> str:
        """The name of its runs."""
        return "-".join((self.alignment, self.fusion, self.tda, *(("binary",) if self.binary else ())))

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that it changes."""
        return (*PANELS_ALONE, *ALIGNMENTS[self.alignment], *FUSIONS[self.fusion], *TDA[self.tda])

    def configure(self, config: Config) -> Config:
        """Return `config` with the settings of the variant."""
        return config.changed(*self.settings)


@dataclass(frozen=True)
class Row:
    """A row of a table: its title, the name of its runs, and the paper's macro-F1 for both tasks, if reported."""

    title: str
    run: str
    paper_binary: float | None = None
    paper_classes: float | None = None


@dataclass(frozen=True)
class Table:
    """A table of the paper."""

    title: str
    rows: tuple[Row, ...]


FULL = Variant("pfa", "cmaf", "tda")
WITHOUT_TDA = Variant("pfa", "cmaf", "plain")
BINARY = Variant("pfa", "cmaf", "tda", binary=True)
BINARY_WITHOUT_TDA = Variant("pfa", "cmaf", "plain", binary=True)

ABLATION_VARIANTS = (
    Variant("unaligned", "concat", "plain"),
    Variant("pfa", "concat", "plain"),
    Variant("unaligned", "cmaf", "plain"),
    WITHOUT_TDA,
    Variant("unaligned", "concat", "tda"),
    Variant("pfa", "concat", "tda"),
    Variant("unaligned", "cmaf", "tda"),
    Variant("direct", "cmaf", "tda"),
    Variant("pfa3", "cmaf", "tda"),
    Variant("pfa", "nosigmoid", "tda"),
    FULL,
)

ABLATION_TABLES = (
    Table(
        "Table 3: what the parts are worth",
        (
            Row("none of them", "unaligned-concat-plain"),
            Row("PFA", "pfa-concat-plain", 83.47, 69.72),
            Row("CMAF", "unaligned-cmaf-plain", 78.19, 64.58),
            Row("PFA, CMAF", "pfa-cmaf-plain", 85.65, 75.91),
            Row("TDA", "unaligned-concat-tda", 80.60, 69.19),
            Row("PFA, TDA", "pfa-concat-tda", 86.50, 76.64),
            Row("CMAF, TDA", "unaligned-cmaf-tda"),
            Row("PFA, CMAF, TDA", "pfa-cmaf-tda", 92.52, 80.77),
        ),
    ),
    Table(
        "Table 4: how alignment proceeds (with CMAF and TDA)",
        (
            Row("without alignment", "unaligned-cmaf-tda", 80.60, 64.19),
            Row("direct alignment (whole)", "direct-cmaf-tda", 84.76, 70.45),
            Row("PFA (0.2/0.6/1)", "pfa3-cmaf-tda", 90.46, 78.13),
            Row("PFA (0.2/0.4/0.6/0.8/1)", "pfa-cmaf-tda", 92.52, 80.77),
        ),
    ),
    Table(
        "Table 5: how the branches are fused (with PFA and TDA)",
        (
            Row("direct concatenation", "pfa-concat-tda", 86.50, 76.44),
            Row("CMAF without the sigmoid", "pfa-nosigmoid-tda", 87.56, 77.56),
            Row("CMAF with the sigmoid", "pfa-cmaf-tda", 92.52, 80.77),
        ),
    ),
)

PEER_VARIANTS = (WITHOUT_TDA, FULL, BINARY_WITHOUT_TDA, BINARY)


def peer_table() -> Table:
    """Table 2: the peers, and Triptych without and with TDA, trained on all classes and on two."""
    rows = [Row(spec.title, spec.name, spec.paper_binary, spec.paper_classes) for spec in PAPER_SPECS]
    own = (
        Row("Triptych, trained on two classes", BINARY_WITHOUT_TDA.name),
        Row("Triptych with TDA, trained on two classes", BINARY.name),
        Row("Triptych", WITHOUT_TDA.name, 85.65, 75.91),
        Row("Triptych with TDA", FULL.name, 92.52, 80.77),
    )
    return Table("Table 2: other methods on the same splits", (*rows, *own))
