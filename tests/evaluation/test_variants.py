import pytest

from triptych.config import Config
from triptych.evaluation.peers import PAPER_SPECS
from triptych.evaluation.variants import ABLATION_TABLES, ABLATION_VARIANTS, PEER_VARIANTS, Variant, peer_table


def test_every_row_of_the_papers_tables_has_a_run_behind_it():
    runs = {variant.name for variant in ABLATION_VARIANTS}
    assert {row.run for table in ABLATION_TABLES for row in table.rows} == runs
    assert {row.run for row in peer_table().rows} == {
        *(spec.name for spec in PAPER_SPECS),
        *(variant.name for variant in PEER_VARIANTS),
    }


@pytest.mark.parametrize("variant", ABLATION_VARIANTS, ids=lambda variant: variant.name)
def test_a_variant_changes_what_it_is_called_after(variant):
    config = Config().changed(*variant.settings)
    assert (config.augment.tda != "none") == variant.name.endswith("-tda")
    assert (config.fusion.kind == "concatenation") == ("concat" in variant.name)
    assert (len(config.alignment.stages) == 0) == variant.name.startswith("unaligned")


def test_direct_alignment_takes_as_many_steps_as_the_five_stages():
    def steps(name):
        alignment = Config().changed(*Variant(name, "cmaf", "plain").settings).alignment
        return sum(alignment.stages) * alignment.epochs

    assert steps("direct") == pytest.approx(steps("pfa"))


def test_the_papers_figures_are_in_the_rows():
    full = next(row for row in peer_table().rows if row.title == "Triptych with TDA")
    assert (full.paper_binary, full.paper_classes) == (92.52, 80.77)
    assert [row.paper_classes for row in ABLATION_TABLES[1].rows] == [64.19, 70.45, 78.13, 80.77]
